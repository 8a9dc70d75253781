"""The wire format: protobuf of `proto/tapewarden/v1` made into columns of events, and back."""
