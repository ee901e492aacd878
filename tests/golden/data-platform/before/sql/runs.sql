create table runs (id int identity primary key, started datetime2 not null, rows_in int not null, rows_out int not null);
