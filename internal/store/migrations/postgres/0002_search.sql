-- Modify "concepts" table
ALTER TABLE "concepts" ADD COLUMN "alternatives" jsonb NULL, ADD COLUMN "related_iris" jsonb NULL, ADD COLUMN "revision" bigint NOT NULL DEFAULT 1;
-- Create "misses" table
CREATE TABLE "misses" ("id" character varying NOT NULL COLLATE "C", "month" character varying NOT NULL COLLATE "C", "words" character varying NOT NULL DEFAULT '' COLLATE "C", "visitors" bigint NOT NULL, PRIMARY KEY ("id"));
