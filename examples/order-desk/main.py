from shop import orders, queue, receipts

queue.push("order-1")
orders.put("order-1", "new")
print("order-1 is", orders.state("order-1"))
print(receipts.write("order-1"))
