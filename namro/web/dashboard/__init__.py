"""How one person sees it all: home, plan, target, unit. No models."""
