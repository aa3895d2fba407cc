"""One module a page: communes, dashboards."""
