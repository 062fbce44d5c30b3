-- Add column "publisher_id" to table: "changes"
ALTER TABLE `changes` ADD COLUMN `publisher_id` text NOT NULL DEFAULT '';
-- What was done before belongs to whoever has it now
UPDATE `changes` SET `publisher_id` = COALESCE(
  (SELECT `publisher_id` FROM `drafts` WHERE `drafts`.`id` = `changes`.`record_id`),
  (SELECT `publisher_id` FROM `publications` WHERE `publications`.`id` = `changes`.`record_id`),
  (SELECT `organization_id` FROM `data_sources` WHERE `data_sources`.`id` = `changes`.`record_id`),
  (SELECT `id` FROM `organizations` WHERE `organizations`.`id` = `changes`.`record_id`),
  '');
-- Create index "change_publisher_id_id" to table: "changes"
CREATE INDEX `change_publisher_id_id` ON `changes` (`publisher_id`, `id`);
-- Create index "change_kind_id" to table: "changes"
CREATE INDEX `change_kind_id` ON `changes` (`kind`, `id`);
