-- Modify "drafts" table
ALTER TABLE `drafts` ADD COLUMN `edited_by` text NOT NULL DEFAULT '';
ALTER TABLE `drafts` ADD COLUMN `submitted_by` text NOT NULL DEFAULT '';
ALTER TABLE `drafts` ADD COLUMN `discarded_at` integer NOT NULL DEFAULT 0;
-- Whoever wrote last does not review
UPDATE `drafts` SET `edited_by` = COALESCE((SELECT `actor` FROM `changes` WHERE `changes`.`record_id` = `drafts`.`id` AND `kind` IN ('CREATED', 'UPDATED') ORDER BY `changes`.`id` DESC LIMIT 1), '') WHERE `state` = 'DRAFT';
-- Create "draft_shares" table
CREATE TABLE `draft_shares` (`id` text NOT NULL, `hash` text NOT NULL, `record_id` text NOT NULL, `note` text NOT NULL, `created_by` text NOT NULL, `created_at` integer NOT NULL, `expires_at` integer NOT NULL, PRIMARY KEY (`id`));
-- Create index "draft_shares_hash_key" to table: "draft_shares"
CREATE UNIQUE INDEX `draft_shares_hash_key` ON `draft_shares` (`hash`);
-- Create index "draftshare_record_id_created_at" to table: "draft_shares"
CREATE INDEX `draftshare_record_id_created_at` ON `draft_shares` (`record_id`, `created_at`);
-- Create "mistake_reports" table
CREATE TABLE `mistake_reports` (`id` text NOT NULL, `record_id` text NOT NULL, `publisher_id` text NOT NULL, `message` text NOT NULL, `reporter` text NOT NULL, `at` integer NOT NULL, `closed_at` integer NOT NULL DEFAULT 0, `closed_by` text NOT NULL DEFAULT '', `outcome` text NOT NULL DEFAULT '', PRIMARY KEY (`id`));
-- Create index "mistakereport_publisher_id_at_id" to table: "mistake_reports"
CREATE INDEX `mistakereport_publisher_id_at_id` ON `mistake_reports` (`publisher_id`, `at`, `id`);
-- Create index "mistakereport_record_id_closed_at" to table: "mistake_reports"
CREATE INDEX `mistakereport_record_id_closed_at` ON `mistake_reports` (`record_id`, `closed_at`);
