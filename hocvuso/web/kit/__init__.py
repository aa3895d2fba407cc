"""What all pages share: gates, middleware, components, the shell of pages."""
