-- Create "imports" table
CREATE TABLE "imports" ("id" character varying NOT NULL COLLATE "C", "organization_id" character varying NOT NULL COLLATE "C", "actor" character varying NOT NULL COLLATE "C", "created_at" bigint NOT NULL, "file_name" character varying NOT NULL COLLATE "C", "state" character varying NOT NULL COLLATE "C", "rows" bigint NOT NULL, "done" bigint NOT NULL DEFAULT 0, "removed" bigint NOT NULL DEFAULT 0, "ran_at" bigint NOT NULL DEFAULT 0, "undone_at" bigint NOT NULL DEFAULT 0, "sheet" bytea NULL, "settings" bytea NULL, "skipped" bytea NULL, PRIMARY KEY ("id"));
-- Create index "importing_organization_id_created_at_id" to table: "imports"
CREATE INDEX "importing_organization_id_created_at_id" ON "imports" ("organization_id", "created_at", "id");
-- Create index "importing_created_at" to table: "imports"
CREATE INDEX "importing_created_at" ON "imports" ("created_at");
