-- A small database to try OpenLockbox with: a web shop whose customers belong to two tenants.
create database shop;
\connect shop
create table customers (id bigint generated always as identity primary key, tenant_id int not null, name text not null, email text);
create table orders (id bigint generated always as identity primary key, customer_id bigint not null references customers, total numeric);
insert into customers (tenant_id, name, email) values (1, 'Ada', 'ada@acme.example'), (1, 'Bob', 'bob@acme.example'), (2, 'Cy', 'cy@globex.example');
insert into orders (customer_id, total) values (1, 10), (3, 99);
