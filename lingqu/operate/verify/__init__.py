"""`lingqu verify`: what is written in two places must agree, and what was decided must be decided the same again."""

from lingqu.operate.verify.run import run_checks

__all__ = ["run_checks"]
