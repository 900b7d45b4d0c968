"""scratch."""
import cProfile, pstats, time
from uuid import UUID, uuid4
from django.db import connection
from django.test.utils import CaptureQueriesContext
from vaitiolo.people.models import *
from vaitiolo.people import places, records
from vaitiolo.people.access import open_phonebook, Plain
from vaitiolo.ops.synthetic.clinic import make_clinic
from datetime import date
from tests.people.conftest import Actors, Browser

def test_perf(practice, browser, actor, settings):
    settings.TEMPLATES[0]["OPTIONS"]["context_processors"].append("vaitiolo.people.context.navigation")
    N=36000
    clinic=make_clinic(1,"vastaamo",date(2026,11,24))
    book=open_phonebook(actor("aino"))
    unit=practice.unit("Kallio")
    plains=[];pats=[]
    for i,p in zip(range(N),clinic.patients()):
        pid=uuid4()
        r=records.IdentityRecord(p.name.given,p.name.family,p.hetu,p.born_on,p.phone,p.email,p.street,p.postal_code,p.town,p.language)
        plains.append(Plain(places.of_phonebook(pid,1),records.write_phonebook(r)));pats.append((pid,p))
    t=time.time()
    sealed=[]
    for s in range(0,N,2000):
        sealed+=book.compartment.seal(plains[s:s+2000])
    print("seal",time.time()-t)
    Patient.objects.bulk_create([Patient(id=pid,unit_id=unit,identity=uuid4(),registered_on=date(2026,1,1)) for pid,_ in pats])
    PhonebookRow.objects.bulk_create([PhonebookRow(patient_id=pid,unit_id=unit,version=1,sealed_body=b) for (pid,_),b in zip(pats,sealed)])
    aino=browser("aino")
    t=time.process_time()
    def find(w):
        return aino.post("/patients/",{"words":w},headers={"X-Fragment":"results","Accept":"application/json"})
    find("mäk")
    print("first", time.process_time()-t)
    with CaptureQueriesContext(connection) as q:
        print(find(pats[5][1].hetu).content.decode())
    print([x["sql"] for x in q])
    for name,words in {"hetu":[p.hetu for _,p in pats[:200]],"name":[p.name.family[:5] for _,p in pats[:200]],"full":[str(p.name) for _,p in pats[:200]]}.items():
        t=time.process_time()
        for w in words: find(w)
        print(name,(time.process_time()-t)/len(words)*1000,"ms")
    pr=cProfile.Profile(); pr.enable()
    for _,p in pats[:100]: find(p.hetu)
    pr.disable()
    pstats.Stats(pr).sort_stats("tottime").print_stats(30)
    pstats.Stats(pr).sort_stats("cumtime").print_stats(60)
