-- Modify "drafts" table
ALTER TABLE "drafts" ADD COLUMN "edited_by" character varying NOT NULL DEFAULT '' COLLATE "C", ADD COLUMN "submitted_by" character varying NOT NULL DEFAULT '' COLLATE "C", ADD COLUMN "discarded_at" bigint NOT NULL DEFAULT 0;
-- Whoever wrote last does not review
UPDATE "drafts" SET "edited_by" = COALESCE((SELECT "actor" FROM "changes" WHERE "changes"."record_id" = "drafts"."id" AND "kind" IN ('CREATED', 'UPDATED') ORDER BY "changes"."id" DESC LIMIT 1), '') WHERE "state" = 'DRAFT';
-- Create "draft_shares" table
CREATE TABLE "draft_shares" ("id" character varying NOT NULL COLLATE "C", "hash" character varying NOT NULL COLLATE "C", "record_id" character varying NOT NULL COLLATE "C", "note" character varying NOT NULL COLLATE "C", "created_by" character varying NOT NULL COLLATE "C", "created_at" bigint NOT NULL, "expires_at" bigint NOT NULL, PRIMARY KEY ("id"));
-- Create index "draft_shares_hash_key" to table: "draft_shares"
CREATE UNIQUE INDEX "draft_shares_hash_key" ON "draft_shares" ("hash");
-- Create index "draftshare_record_id_created_at" to table: "draft_shares"
CREATE INDEX "draftshare_record_id_created_at" ON "draft_shares" ("record_id", "created_at");
-- Create "mistake_reports" table
CREATE TABLE "mistake_reports" ("id" character varying NOT NULL COLLATE "C", "record_id" character varying NOT NULL COLLATE "C", "publisher_id" character varying NOT NULL COLLATE "C", "message" text NOT NULL COLLATE "C", "reporter" character varying NOT NULL COLLATE "C", "at" bigint NOT NULL, "closed_at" bigint NOT NULL DEFAULT 0, "closed_by" character varying NOT NULL DEFAULT '' COLLATE "C", "outcome" text NOT NULL DEFAULT '' COLLATE "C", PRIMARY KEY ("id"));
-- Create index "mistakereport_publisher_id_at_id" to table: "mistake_reports"
CREATE INDEX "mistakereport_publisher_id_at_id" ON "mistake_reports" ("publisher_id", "at", "id");
-- Create index "mistakereport_record_id_closed_at" to table: "mistake_reports"
CREATE INDEX "mistakereport_record_id_closed_at" ON "mistake_reports" ("record_id", "closed_at");
