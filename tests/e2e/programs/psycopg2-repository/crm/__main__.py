from crm.repository import Customers

with Customers() as customers:
    customers.add("Ann")
    customers.add("Bob")
    for number, name in customers.all():
        print(number, name)
