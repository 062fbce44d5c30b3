-- Create "addresses" table
CREATE TABLE `addresses` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `kind` text NOT NULL, `publisher_id` text NOT NULL, `slug` text NOT NULL, `record_id` text NOT NULL);
-- Create index "address_kind_publisher_id_slug" to table: "addresses"
CREATE UNIQUE INDEX `address_kind_publisher_id_slug` ON `addresses` (`kind`, `publisher_id`, `slug`);
-- What is or was public keeps the address that it has
INSERT INTO `addresses` (`kind`, `publisher_id`, `slug`, `record_id`) SELECT `kind`, `publisher_id`, `slug`, `id` FROM `publications` WHERE `kind` <> 'PROCESS_TEMPLATE_VERSION' ORDER BY `id`;
INSERT INTO `addresses` (`kind`, `publisher_id`, `slug`, `record_id`) SELECT `kind`, `publisher_id`, `slug`, `id` FROM `drafts` WHERE `id` IN (SELECT `id` FROM `tombstones`) ORDER BY `id`;
-- Drop index "draft_kind_publisher_id_slug" from table: "drafts"
DROP INDEX `draft_kind_publisher_id_slug`;
-- Drop index "publication_publisher_id_kind_slug" from table: "publications"
DROP INDEX `publication_publisher_id_kind_slug`;
-- Create index "publication_kind_audience_published_at_id" to table: "publications"
CREATE INDEX `publication_kind_audience_published_at_id` ON `publications` (`kind`, `audience`, `published_at`, `id`);
