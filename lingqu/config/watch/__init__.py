"""What those who run an installation see: a line of JSON for each request and job, figures for Prometheus, whether it is ready."""
