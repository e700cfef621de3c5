-- What the source system delivered takes the place of what it delivered before.
delete from public.nation;
delete from public.stg_supplier;
delete from public.stg_customer;
delete from public.orders;
delete from public.lineitem;

copy public.nation from '${SOURCE}nation/' iam_role '${IAM_ROLE}' delimiter '|' gzip;
copy public.stg_supplier from '${SOURCE}supplier/' iam_role '${IAM_ROLE}' delimiter '|' gzip;
copy public.stg_customer from '${SOURCE}customer/' iam_role '${IAM_ROLE}' delimiter '|' gzip;
copy public.orders from '${SOURCE}orders/' iam_role '${IAM_ROLE}' delimiter '|' gzip;
copy public.lineitem from '${SOURCE}lineitem/' iam_role '${IAM_ROLE}' delimiter '|' gzip;
