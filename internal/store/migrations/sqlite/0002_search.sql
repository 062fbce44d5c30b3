-- Add columns to table: "concepts"
ALTER TABLE `concepts` ADD COLUMN `alternatives` json NULL;
ALTER TABLE `concepts` ADD COLUMN `related_iris` json NULL;
ALTER TABLE `concepts` ADD COLUMN `revision` integer NOT NULL DEFAULT (1);
-- Create "misses" table
CREATE TABLE `misses` (`id` text NOT NULL, `month` text NOT NULL, `words` text NOT NULL DEFAULT (''), `visitors` integer NOT NULL, PRIMARY KEY (`id`));
