"""Workflows of jobs and steps, as GitHub runs them: what signs in with a secret, and how it signs in without one."""
