"""The doctor: what an installation needs to keep its promises, each with a verdict, figures and what to do."""
