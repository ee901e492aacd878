from dotenv import load_dotenv

from invoices.store import InvoiceStore

load_dotenv()

store = InvoiceStore("class-based-client")
store.prepare()
store.save("A-1", "paid")
store.save("A-2", "open")
found = list(store.all())
for invoice in found:
    print(invoice["number"], invoice["state"])
print(len(found), "invoices")
