"""What all façades share: gates, middleware, components, the shell of pages."""
