-- Create "changes" table
CREATE TABLE `changes` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `at` integer NOT NULL, `kind` text NOT NULL, `record_id` text NOT NULL, `revision` integer NOT NULL, `actor` text NOT NULL, `reason` text NOT NULL);
-- Create index "change_record_id_id" to table: "changes"
CREATE INDEX `change_record_id_id` ON `changes` (`record_id`, `id`);
-- Create "concepts" table
CREATE TABLE `concepts` (`id` text NOT NULL, `iri` text NOT NULL, `scheme` text NOT NULL, `notation` text NOT NULL, `label` json NOT NULL, `definition` json NULL, `broader_iri` text NOT NULL DEFAULT (''), `deprecated` bool NOT NULL DEFAULT (false), `level` integer NOT NULL DEFAULT (0), `position` integer NOT NULL, PRIMARY KEY (`id`));
-- Create index "concepts_iri_key" to table: "concepts"
CREATE UNIQUE INDEX `concepts_iri_key` ON `concepts` (`iri`);
-- Create "data_sources" table
CREATE TABLE `data_sources` (`id` text NOT NULL, `iri` text NOT NULL, `name` text NOT NULL, `holder` text NOT NULL, `catalogue_uri` text NOT NULL DEFAULT (''), `is_microdata` bool NOT NULL DEFAULT (false), `organization_id` text NOT NULL, `revision` integer NOT NULL, PRIMARY KEY (`id`));
-- Create index "data_sources_iri_key" to table: "data_sources"
CREATE UNIQUE INDEX `data_sources_iri_key` ON `data_sources` (`iri`);
-- Create "drafts" table
CREATE TABLE `drafts` (`id` text NOT NULL, `kind` text NOT NULL, `publisher_id` text NOT NULL, `slug` text NOT NULL, `state` text NOT NULL, `revision` integer NOT NULL, `updated_at` integer NOT NULL, `body` blob NOT NULL, `idempotency_key` text NULL, `external_id` text NULL, `external_hash` text NULL, PRIMARY KEY (`id`));
-- Create index "draft_publisher_id_updated_at_id" to table: "drafts"
CREATE INDEX `draft_publisher_id_updated_at_id` ON `drafts` (`publisher_id`, `updated_at`, `id`);
-- Create index "draft_kind_publisher_id_slug" to table: "drafts"
CREATE UNIQUE INDEX `draft_kind_publisher_id_slug` ON `drafts` (`kind`, `publisher_id`, `slug`);
-- Create index "draft_publisher_id_idempotency_key" to table: "drafts"
CREATE UNIQUE INDEX `draft_publisher_id_idempotency_key` ON `drafts` (`publisher_id`, `idempotency_key`);
-- Create index "draft_external_id" to table: "drafts"
CREATE UNIQUE INDEX `draft_external_id` ON `drafts` (`external_id`);
-- Create "feed" table
CREATE TABLE `feed` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `at` integer NOT NULL, `type` text NOT NULL, `kind` text NOT NULL, `record_id` text NOT NULL, `publisher_id` text NOT NULL, `publisher_seq` integer NULL, `version` integer NOT NULL, `payload` blob NULL, `reason` text NOT NULL);
-- Create index "feedentry_publisher_id_publisher_seq" to table: "feed"
CREATE UNIQUE INDEX `feedentry_publisher_id_publisher_seq` ON `feed` (`publisher_id`, `publisher_seq`);
-- Create index "feedentry_record_id_id" to table: "feed"
CREATE INDEX `feedentry_record_id_id` ON `feed` (`record_id`, `id`);
-- Create "heads" table
CREATE TABLE `heads` (`id` text NOT NULL, `seq` integer NOT NULL, PRIMARY KEY (`id`));
-- Create "jobs" table
CREATE TABLE `jobs` (`id` text NOT NULL, `kind` text NOT NULL, `args` blob NULL, `run_at` integer NOT NULL, `attempts` integer NOT NULL DEFAULT (0), PRIMARY KEY (`id`));
-- Create index "job_run_at" to table: "jobs"
CREATE INDEX `job_run_at` ON `jobs` (`run_at`);
-- Create "municipalities" table
CREATE TABLE `municipalities` (`id` text NOT NULL, `name` text NOT NULL, `aliases` json NULL, `province` text NOT NULL, `population` integer NOT NULL, `density` integer NOT NULL, `reference_year` integer NOT NULL, `urbanity` integer NOT NULL DEFAULT (0), `tooi_iri` text NOT NULL, `lon` real NOT NULL, `lat` real NOT NULL, `successor` text NOT NULL DEFAULT (''), PRIMARY KEY (`id`));
-- Create "organizations" table
CREATE TABLE `organizations` (`id` text NOT NULL, `slug` text NOT NULL, `name` text NOT NULL, `custody` text NOT NULL, `tooi_iri` text NULL, `external_id` text NULL, `revision` integer NOT NULL, `body` blob NOT NULL, PRIMARY KEY (`id`));
-- Create index "organizations_slug_key" to table: "organizations"
CREATE UNIQUE INDEX `organizations_slug_key` ON `organizations` (`slug`);
-- Create index "organizations_tooi_iri_key" to table: "organizations"
CREATE UNIQUE INDEX `organizations_tooi_iri_key` ON `organizations` (`tooi_iri`);
-- Create index "organizations_external_id_key" to table: "organizations"
CREATE UNIQUE INDEX `organizations_external_id_key` ON `organizations` (`external_id`);
-- Create "publications" table
CREATE TABLE `publications` (`id` text NOT NULL, `kind` text NOT NULL, `uri` text NULL, `publisher_id` text NOT NULL, `slug` text NOT NULL, `audience` text NOT NULL, `version` integer NOT NULL, `published_at` integer NOT NULL, `updated_at` integer NOT NULL, `started_on` text NOT NULL, `title` text NOT NULL, `body` blob NOT NULL, `words` text NOT NULL, PRIMARY KEY (`id`));
-- Create index "publication_uri" to table: "publications"
CREATE UNIQUE INDEX `publication_uri` ON `publications` (`uri`);
-- Create index "publication_kind_audience_updated_at_id" to table: "publications"
CREATE INDEX `publication_kind_audience_updated_at_id` ON `publications` (`kind`, `audience`, `updated_at`, `id`);
-- Create index "publication_kind_audience_title_id" to table: "publications"
CREATE INDEX `publication_kind_audience_title_id` ON `publications` (`kind`, `audience`, `title`, `id`);
-- Create index "publication_kind_audience_started_on_id" to table: "publications"
CREATE INDEX `publication_kind_audience_started_on_id` ON `publications` (`kind`, `audience`, `started_on`, `id`);
-- Create index "publication_publisher_id_kind_slug" to table: "publications"
CREATE INDEX `publication_publisher_id_kind_slug` ON `publications` (`publisher_id`, `kind`, `slug`);
-- Create "releases" table
CREATE TABLE `releases` (`id` text NOT NULL, `release_at` integer NOT NULL, `follows` text NOT NULL DEFAULT (''), `body` blob NOT NULL, PRIMARY KEY (`id`));
-- Create index "release_release_at" to table: "releases"
CREATE INDEX `release_release_at` ON `releases` (`release_at`);
-- Create index "release_follows" to table: "releases"
CREATE INDEX `release_follows` ON `releases` (`follows`);
-- Create "snapshots" table
CREATE TABLE `snapshots` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `record_id` text NOT NULL, `revision` integer NOT NULL, `at` integer NOT NULL, `body` blob NOT NULL, `hash` text NOT NULL);
-- Create index "snapshot_record_id_revision" to table: "snapshots"
CREATE UNIQUE INDEX `snapshot_record_id_revision` ON `snapshots` (`record_id`, `revision`);
-- Create "terms" table
CREATE TABLE `terms` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `publication_id` text NOT NULL, `kind` text NOT NULL, `field` text NOT NULL, `value` text NOT NULL, `audience` text NOT NULL, `sort_key` integer NOT NULL);
-- Create index "term_field_value_kind_audience_sort_key_publication_id" to table: "terms"
CREATE UNIQUE INDEX `term_field_value_kind_audience_sort_key_publication_id` ON `terms` (`field`, `value`, `kind`, `audience`, `sort_key`, `publication_id`);
-- Create index "term_publication_id" to table: "terms"
CREATE INDEX `term_publication_id` ON `terms` (`publication_id`);
-- Create "tokens" table
CREATE TABLE `tokens` (`id` text NOT NULL, `hash` text NOT NULL, `name` text NOT NULL, `organization_id` text NOT NULL, `scopes` json NOT NULL, `created_at` integer NOT NULL, `expires_at` integer NOT NULL, `last_used_at` integer NOT NULL DEFAULT (0), `revoked_at` integer NOT NULL DEFAULT (0), PRIMARY KEY (`id`));
-- Create index "tokens_hash_key" to table: "tokens"
CREATE UNIQUE INDEX `tokens_hash_key` ON `tokens` (`hash`);
-- Create index "token_organization_id" to table: "tokens"
CREATE INDEX `token_organization_id` ON `tokens` (`organization_id`);
-- Create "tombstones" table
CREATE TABLE `tombstones` (`id` text NOT NULL, `uri` text NULL, `title` text NOT NULL, `reason` text NOT NULL, `at` integer NOT NULL, PRIMARY KEY (`id`));
-- Create index "tombstone_uri" to table: "tombstones"
CREATE INDEX `tombstone_uri` ON `tombstones` (`uri`);
