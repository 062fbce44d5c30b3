package ent

//go:generate go tool ent generate --target . --feature sql/upsert,sql/modifier,sql/execquery ./schema
