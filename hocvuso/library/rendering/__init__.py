"""Turns lesson sources into HTML that reads without JavaScript. No page shell: that is the web's."""
