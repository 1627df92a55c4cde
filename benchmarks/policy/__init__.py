"""What `make bench-policy` measures: the policy engine by itself, beside what people install otherwise."""
