-- Create "duties" table
CREATE TABLE `duties` (`id` text NOT NULL, `record_id` text NOT NULL, `publisher_id` text NOT NULL, `due_on` text NOT NULL, `public_on` text NOT NULL, PRIMARY KEY (`id`));
-- Create index "duty_publisher_id_due_on_id" to table: "duties"
CREATE INDEX `duty_publisher_id_due_on_id` ON `duties` (`publisher_id`, `due_on`, `id`);
-- Create index "duty_record_id" to table: "duties"
CREATE INDEX `duty_record_id` ON `duties` (`record_id`);
