-- Create "duties" table
CREATE TABLE "duties" ("id" character varying NOT NULL COLLATE "C", "record_id" character varying NOT NULL COLLATE "C", "publisher_id" character varying NOT NULL COLLATE "C", "due_on" character varying NOT NULL COLLATE "C", "public_on" character varying NOT NULL COLLATE "C", PRIMARY KEY ("id"));
-- Create index "duty_publisher_id_due_on_id" to table: "duties"
CREATE INDEX "duty_publisher_id_due_on_id" ON "duties" ("publisher_id", "due_on", "id");
-- Create index "duty_record_id" to table: "duties"
CREATE INDEX "duty_record_id" ON "duties" ("record_id");
