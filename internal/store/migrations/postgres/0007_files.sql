-- Create "files" table
CREATE TABLE "files" ("id" character varying NOT NULL COLLATE "C", "record_id" character varying NOT NULL COLLATE "C", "name" character varying NOT NULL COLLATE "C", "media_type" character varying NOT NULL COLLATE "C", "byte_size" bigint NOT NULL, "hash" character varying NOT NULL COLLATE "C", "uploaded_at" bigint NOT NULL, "approved" boolean NOT NULL DEFAULT false, "removed_at" bigint NOT NULL DEFAULT 0, PRIMARY KEY ("id"));
-- Create index "file_record_id_hash" to table: "files"
CREATE UNIQUE INDEX "file_record_id_hash" ON "files" ("record_id", "hash");
-- Create index "file_hash" to table: "files"
CREATE INDEX "file_hash" ON "files" ("hash");
-- Create index "file_removed_at_approved_uploaded_at" to table: "files"
CREATE INDEX "file_removed_at_approved_uploaded_at" ON "files" ("removed_at", "approved", "uploaded_at");
-- Create "file_chunks" table
CREATE TABLE "file_chunks" ("id" character varying NOT NULL COLLATE "C", "body" bytea NOT NULL, PRIMARY KEY ("id"));
