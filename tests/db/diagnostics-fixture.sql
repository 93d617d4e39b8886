-- One thing of each kind that diagnostics.sql looks for, beside its harmless twin.
create schema shop;

create table shop.customers (id integer primary key, region integer not null, note text not null, remark text);
alter table shop.customers set (autovacuum_enabled = off);
insert into shop.customers select i, i % 10, repeat(md5(i::text), 12) from generate_series(1, 60000) as i;
analyze shop.customers;
create index customers_region on shop.customers (region);
create index customers_region_id on shop.customers (region, id);
create index customers_region_desc on shop.customers (region desc);
create index customers_region_some on shop.customers (region) where id > 10;
create index customers_note on shop.customers (note);
create unique index customers_note_id on shop.customers (note, id);
create unique index customers_id_note on shop.customers (id) include (note);

create table shop.hollow (id integer primary key, note text not null);
alter table shop.hollow set (autovacuum_enabled = off);
insert into shop.hollow select i, repeat('x', 400) from generate_series(1, 40000) as i;
delete from shop.hollow where id % 20 <> 0;

create table shop.pairs (one integer, two integer, constraint pairs_key unique (one, two));
create table shop.unserved (
  customer_id integer constraint unserved_customer references shop.customers (id),
  is_open boolean
);
create index unserved_customer_open on shop.unserved (customer_id) where is_open;
create table shop.mostly_null (
  customer_id integer constraint mostly_null_customer references shop.customers (id)
);
-- Whoever looks for a customer looks for no null: it serves.
create index mostly_null_customer on shop.mostly_null (customer_id) where customer_id is not null;
create table shop.served (
  one integer,
  two integer,
  constraint served_pair foreign key (one, two) references shop.pairs (one, two)
);
create index served_two_one on shop.served (two, one);

create table shop.counted (nearly integer, early integer);
create sequence shop.nearly_over as bigint owned by shop.counted.nearly;
create sequence shop.just_begun as bigint owned by shop.counted.early;
select setval('shop.nearly_over', 1954210000), setval('shop.just_begun', 1000);

create table shop.twins (name text);
insert into shop.twins values ('same'), ('same');
