-- Create "imports" table
CREATE TABLE `imports` (`id` text NOT NULL, `organization_id` text NOT NULL, `actor` text NOT NULL, `created_at` integer NOT NULL, `file_name` text NOT NULL, `state` text NOT NULL, `rows` integer NOT NULL, `done` integer NOT NULL DEFAULT (0), `removed` integer NOT NULL DEFAULT (0), `ran_at` integer NOT NULL DEFAULT (0), `undone_at` integer NOT NULL DEFAULT (0), `sheet` blob NULL, `settings` blob NULL, `skipped` blob NULL, PRIMARY KEY (`id`));
-- Create index "importing_organization_id_created_at_id" to table: "imports"
CREATE INDEX `importing_organization_id_created_at_id` ON `imports` (`organization_id`, `created_at`, `id`);
-- Create index "importing_created_at" to table: "imports"
CREATE INDEX `importing_created_at` ON `imports` (`created_at`);
