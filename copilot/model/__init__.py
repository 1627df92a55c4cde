"""Words: templates, the composer that needs no model, and the gateway to a model."""
