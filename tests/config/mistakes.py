"""A small profile without mistakes, and what a person may get wrong in it."""

GOOD = """\
[city]
id = "machi"
name = "町"

[[site]]
id = "hall"
name = "町役場"
reinstate = "front"

[site.hours]
monday = ["08:30-12:00", "13:00-17:00"]
tuesday = []
wednesday = []
thursday = []
friday = []
saturday = []
sunday = []
closed_on_holidays = false
day_end = "17:00"
[[site.hours.closed_period]]
first = "12-29"
last = "01-03"
reason = "年末年始"
[[site.hours.special_day]]
day = "2026-11-23"
open = ["09:00-12:00"]
reason = "臨時"

[[site.level]]
key = "free"
label = "空き"
[[site.level]]
key = "crowded"
label = "混雑"
people = 5

[[site.category]]
id = "c"
name = "区分"

[[site.series]]
id = "a"
first = 1
last = 99
prefix = "A"
digits = 3
[[site.series]]
id = "b"
first = 100
last = 199

[[site.service]]
id = "x"
name = "業務X"
category = "c"
series = "a"
minutes_per_person = 4
stages = ["受付", "交付"]
[[site.service]]
id = "y"
name = "業務Y"
category = "c"
series = "b"
minutes_per_person = 7.5
[[site.service.level]]
key = "free"
label = "ゆったり"
[[site.service.level]]
key = "moderate"
label = "やや混雑"
minutes = 15
[[site.service.level]]
key = "very_crowded"
label = "大変混雑"
people = 20
minutes = 60

[[site.counter]]
id = "1"
name = "1番"
services = ["x", "y"]

[[site.area]]
id = "all"
name = "全部"
counters = ["1"]

[site.alerts]
people = 12
wait_minutes = 40

[look]
call = "#0017c1"

[[event]]
id = "mailing"
name = "発送後"
services = ["x"]
day_of_month = 15
first = 2
last = 14
factor = 1.4

[[event]]
id = "spring"
name = "引っ越しの時期"
dates = ["2027-04-01"]
factor = 2

[[procedure]]
id = "renewal"
kind = "certificate_renewal"
service = "x"
source = ["page"]
[[procedure.place]]
sites = ["hall"]
booking = "none"
[[procedure.case]]
applicant = ["person"]
outcome = "today"
[[procedure.case.visit]]
bring = ["card"]
[[procedure.case]]
applicant = ["voluntary_agent"]
outcome = "other_procedure"
see = "renewal"

[[site.kiosk]]
id = "k1"
name = "発券機1"
printer = "tcp://192.0.2.10:9100"
reserve = { a = "90-99", b = "190-194" }

[[site.kiosk]]
id = "k2"
name = "発券機2"
paper = 58
dots = 400
reserve = { b = "195-199" }

[site.slip]
footer = "お待ちください"

[site.voice]
languages = ["ja", "zh"]
volume = 0.5
quiet = ["12:00-13:00", "15:00-15:15"]
[site.voice.readings.ja]
"2番" = "にばん"

[[site.priority]]
id = "first"
name = "優先"
head_start = 20

[[ site.area ]]
id = "some"
name = "一部"
counters = [ "1" ]

[[site.board]]
id = "wall"
name = "待合"
area = "some"
languages = ["ja", "en"]

[[site.board]]
id = "panel"
name = "1番の上"
layout = "counter"
counter = "1"

[[site.board]]
id = "films"
name = "ロビー"
layout = "calls_and_slides"
slides = "films"

[[site.counter]]
id = "2"
name = "2番"
services = ["x"]
discipline = "weighted"
weights = { x = 2 }
stages = { x = ["交付"] }
longest_wait = 45
"""

# Each mistake: what stands in the good file, what stands there instead (the line with the mark is the one
# that must be named), the place, and words of the message.
MISTAKES: dict[str, tuple[str, str, str, str]] = {
    "event of an unknown service": (
        'services = ["x"]\nday_of_month',
        'services = ["nothing"] #!\nday_of_month',
        "event[0].services[0]",
        'there is no service "nothing"',
    ),
    "event twice": ('id = "spring"', 'id = "mailing" #!', "event[1].id", "is taken already"),
    "event without days": (
        '[[event]]\nid = "spring"\nname = "引っ越しの時期"\ndates = ["2027-04-01"]',
        '[[event]] #!\nid = "spring"\nname = "引っ越しの時期"',
        "event[1].day_of_month",
        "either day_of_month or dates",
    ),
    "event with days in two ways": (
        "day_of_month = 15\n",
        'day_of_month = 15 #!\ndates = ["2027-04-01"]\n',
        "event[0].day_of_month",
        "either day_of_month or dates",
    ),
    "event that ends before it begins": ("last = 14", "last = 1 #!", "event[0].last", "2 days after the event"),
    "event on no day": ("day_of_month = 15", "day_of_month = 32 #!", "event[0].day_of_month", "31"),
    "event without weight": ("factor = 1.4", "factor = 0 #!", "event[0].factor", "more than 0"),
    "unknown key": ('reinstate = "front"', 'colour = "red" #!', "site[0].colour", "unknown key"),
    "unknown table": ("[[site.area]]", "[[site.aera]] #!", "site[0].aera", "unknown key"),
    "missing key": (
        'id = "machi"\nname = "町"\n\n[[site]]',
        'id = "machi"\n\n[[site]]',
        "city.name",
        "is missing",
    ),
    "wrong type": ("first = 100", 'first = "100" #!', "site[0].series[1].first", "a whole number"),
    "switch as number": (
        "closed_on_holidays = false",
        "closed_on_holidays = 0 #!",
        "site[0].hours.closed_on_holidays",
        "true or false",
    ),
    "id in capitals": ('id = "all"', 'id = "All" #!', "site[0].area[0].id", "a-z, 0-9 and -"),
    "blank name": ('name = "全部"', 'name = " " #!', "site[0].area[0].name", "not empty"),
    "control character": ('name = "全部"', 'name = "全\\u0007部" #!', "site[0].area[0].name", "on one line"),
    "line separator": ('name = "全部"', 'name = "全\\u2028部" #!', "site[0].area[0].name", "on one line"),
    "long name": ('name = "全部"', f'name = "{"長" * 81}" #!', "site[0].area[0].name", "80 characters or fewer"),
    "not a printer": (
        '"tcp://192.0.2.10:9100"',
        '"192.0.2.10" #!',
        "site[0].kiosk[0].printer",
        "tcp://192.0.2.10:9100",
    ),
    "paper of no printer": ("paper = 58", "paper = 60 #!", "site[0].kiosk[1].paper", "must be 58 or 80"),
    "dots that are no bytes": ("dots = 400", "dots = 401 #!", "site[0].kiosk[1].dots", "a multiple of 8"),
    "reserve that is no range": ('"195-199" }', '"195" } #!', "site[0].kiosk[1].reserve.b", "580-599"),
    "reserve reversed": ('"195-199" }', '"199-195" } #!', "site[0].kiosk[1].reserve.b", "ends before it begins"),
    "reserve of no series": (
        'b = "195-199"',
        '"c" = "195-199"',
        "site[0].kiosk[1].reserve.c",
        'no series "c"',
    ),
    "reserve outside": ('"195-199" }', '"195-200" } #!', "site[0].kiosk[1].reserve.b", "100 to 199"),
    "reserve of two kiosks": (
        '"195-199" }',
        '"193-199" } #!',
        "site[0].kiosk[1].reserve.b",
        "another kiosk has the number 193 already",
    ),
    "reserve of a whole series": (
        '"195-199" }',
        '"195-199", a = "1-89" } #!',
        "site[0].kiosk[1].reserve.a",
        "leaves the server no number",
    ),
    "board of no area": ('area = "some"', 'area = "none" #!', "site[0].board[0].area", 'there is no area "none"'),
    "board of no layout": ('layout = "counter"', 'layout = "wide" #!', "site[0].board[1].layout", "'counter'"),
    "board of no counter": ('counter = "1"', 'counter = "9" #!', "site[0].board[1].counter", 'no counter "9"'),
    "panel without a counter": (
        'id = "panel"\nname = "1番の上"\nlayout = "counter"\ncounter = "1"',
        'id = "panel"\nname = "1番の上"\nlayout = "counter"',
        "site[0].board[1].counter",
        "is missing",
    ),
    "counter without a panel": ('area = "some"', 'counter = "1" #!', "site[0].board[0].counter", "only with layout"),
    "panel of an area": (
        'counter = "1"',
        'counter = "1"\narea = "some" #!',
        "site[0].board[1].area",
        "means nothing",
    ),
    "slides beside no calls": ('area = "some"', 'slides = "x" #!', "site[0].board[0].slides", "only with layout"),
    "slides of no folder": (
        'id = "films"\nname = "ロビー"\nlayout = "calls_and_slides"\nslides = "films"',
        'id = "films"\nname = "ロビー"\nlayout = "calls_and_slides"',
        "site[0].board[2].slides",
        "is missing",
    ),
    "language twice": ('["ja", "en"]', '["ja", "ja"] #!', "site[0].board[0].languages[1]", "stands here twice"),
    "screen named as the voice": (
        'id = "films"',
        'id = "voice" #!',
        "site[0].board[2].id",
        '"voice" is taken already',
    ),
    "screen twice": ('id = "films"', 'id = "panel" #!', "site[0].board[2].id", '"panel" is taken already'),
    "number too large for a screen": (
        'call = "#0017c1"',
        'call = "#0017c1"\nnumber_size = 150 #!',
        "look.number_size",
        "110 or less",
    ),
    "colour in words": ('"#0017c1"', '"blue" #!', "look.call", "must be a colour"),
    "colour that is too pale": ('"#0017c1"', '"#c1c1ff" #!', "look.call", "too pale"),
    "kiosk twice": ('id = "k2"', 'id = "k1" #!', "site[0].kiosk[1].id", '"k1" is taken already'),
    "name in a language that no page speaks": (
        'id = "hall"\nname = "町役場"',
        'id = "hall"\nname = "町役場"\nnames = { fr = "Mairie" } #!',
        "site[0].names.fr.[key]",
        "must be 'easy'",
    ),
    "voice in a language that nobody speaks": (
        '["ja", "zh"]',
        '["ja", "fr"] #!',
        "site[0].voice.languages[1]",
        "must be 'ja', 'en'",
    ),
    "voice in a language twice": (
        '["ja", "zh"]',
        '["ja", "zh", "ja"] #!',
        "site[0].voice.languages[2]",
        'the language "ja" stands here twice',
    ),
    "voice too loud": ("volume = 0.5", "volume = 1.1 #!", "site[0].voice.volume", "1 or less"),
    "voice less than silent": ("volume = 0.5", "volume = -0.1 #!", "site[0].voice.volume", "0 or more"),
    "quiet that is no stretch": ('"12:00-13:00"', '"noon" #!\n', "site[0].voice.quiet[0]", "12:00-13:00"),
    "quiet reversed": (
        '"12:00-13:00", "15:00-15:15"]',
        '"13:00-12:00", "15:00-15:15"] #!',
        "site[0].voice.quiet[0]",
        "ends before it begins",
    ),
    "quiet that overlaps": (
        '"15:00-15:15"]',
        '"12:59-15:15"] #!',
        "site[0].voice.quiet[1]",
        "overlaps the stretch before it",
    ),
    "call that is old at once": ("volume = 0.5", "oldest = 4 #!", "site[0].voice.oldest", "5 or more"),
    "call that is never old": ("volume = 0.5", "oldest = 3601 #!", "site[0].voice.oldest", "3600 or less"),
    "chime as a word": ("volume = 0.5", 'chime = "on" #!', "site[0].voice.chime", "true or false"),
    "voice with a gender": ("volume = 0.5", 'gender = "f" #!', "site[0].voice.gender", "unknown key"),
    "reading in a language that is not spoken": (
        "[site.voice.readings.ja]",
        '[site.voice.readings.en] #!\n"1番" = "counter one"\n[site.voice.readings.ja]',
        "site[0].voice.readings.en",
        "the voice does not speak this language",
    ),
    "reading of nothing": ('"にばん"', '"" #!', "site[0].voice.readings.ja.2番", "not empty"),
    "procedure of no service": (
        'service = "x"\nsource',
        'service = "z" #!\nsource',
        "procedure[0].service",
        'there is no service "z"',
    ),
    "procedure at no site": ('sites = ["hall"]', 'sites = ["annex"] #!', "procedure[0].place[0].sites[0]", '"annex"'),
    "procedure twice at a site": (
        'sites = ["hall"]',
        'sites = ["hall", "hall"] #!',
        "procedure[0].place[0].sites[1]",
        "stands here twice",
    ),
    "two visits that are one": (
        'outcome = "today"\n[[procedure.case.visit]]',
        'outcome = "two_visits"\n[[procedure.case.visit]] #!',
        "procedure[0].case[0].visit",
        "has two visits",
    ),
    "see without another procedure": (
        'outcome = "other_procedure"',
        'outcome = "ask_staff"',
        "procedure[0].case[1].see",
        "other_procedure",
    ),
    "see of no procedure": ('see = "renewal"', 'see = "loss" #!', "procedure[0].case[1].see", 'no procedure "loss"'),
    "fact without a source": ('source = ["page"]\n', "", "procedure[0].case[0].source", "in which document"),
    "thing that nobody knows": (
        'bring = ["card"]',
        'bring = ["hanko"] #!',
        "procedure[0].case[0].visit[0].bring[0]",
        "must be",
    ),
    "not a phone": ('reinstate = "front"', 'phone = "内線5" #!', "site[0].phone", "a telephone number"),
    "long prefix": ('prefix = "A"', 'prefix = "ABCD" #!', "site[0].series[0].prefix", "up to 3"),
    "list as text": ("tuesday = []", 'tuesday = "" #!', "site[0].hours.tuesday", "must be a list"),
    "table as list": ("{ x = 2 }", "[] #!", "site[0].counter[1].weights", "a table with keys"),
    "text as number": ('name = "優先"', "name = 1 #!", "site[0].priority[0].name", "must be text"),
    "unknown level": ('key = "crowded"', 'key = "full" #!', "site[0].level[1].key", "'very_crowded'"),
    "endless service": (
        "minutes_per_person = 7.5",
        "minutes_per_person = inf #!",
        "site[0].service[1].minutes_per_person",
        "must be a number",
    ),
    "reversed interval": (
        '["08:30-12:00", "13:00-17:00"]',
        '[\n"08:30-12:00",\n"17:00-13:00", #!\n]',
        "site[0].hours.monday[1]",
        "closes before it opens",
    ),
    "overlapping intervals": (
        '["08:30-12:00", "13:00-17:00"]',
        '[\n"08:30-12:00",\n"11:59-17:00", #!\n]',
        "site[0].hours.monday[1]",
        "overlaps",
    ),
    "not hours": ("tuesday = []", 'tuesday = ["8-12"] #!', "site[0].hours.tuesday[0]", "08:30-17:15"),
    "hours as number": ("tuesday = []", "tuesday = [8] #!", "site[0].hours.tuesday[0]", "08:30-17:15"),
    "day ends too early": ('day_end = "17:00"', 'day_end = "16:59" #!', "site[0].hours.day_end", "17:00"),
    "special day ends too late": (
        '["09:00-12:00"]',
        '["09:00-12:00", "13:00-17:01"] #!',
        "site[0].hours.special_day[0].open[1]",
        "after the end of the day, 17:00",
    ),
    "not a time": ('day_end = "17:00"', 'day_end = "24:00" #!', "site[0].hours.day_end", "a time such as"),
    "no such month day": (
        'first = "12-29"',
        'first = "02-30" #!',
        "site[0].hours.closed_period[0].first",
        "there is no day 02-30",
    ),
    "not a month day": (
        'last = "01-03"',
        'last = "1-3" #!',
        "site[0].hours.closed_period[0].last",
        "a month and a day",
    ),
    "no such day": (
        'day = "2026-11-23"',
        'day = "2026-02-30" #!',
        "site[0].hours.special_day[0].day",
        "there is no day 2026-02-30",
    ),
    "not a day": ('day = "2026-11-23"', "day = 23 #!", "site[0].hours.special_day[0].day", "a date such as"),
    "special day twice": (
        "[[site.hours.special_day]]",
        '[[site.hours.special_day]]\nday = "2026-11-23"\nopen = []\nreason = "休"\n[[site.hours.special_day]]',
        "site[0].hours.special_day[1].day",
        "2026-11-23 has been given already",
    ),
    "same id": ('id = "y"', 'id = "x" #!', "site[0].service[1].id", '"x" is taken already'),
    "first after last": ("last = 199", "last = 99 #!", "site[0].series[1].last", "less than first, 100"),
    "missing series": (
        'series = "b"\n',
        "",
        "site[0].service[1].series",
        "is missing",
    ),
    "unknown category": (
        'category = "c"\nseries = "b"',
        'category = "d" #!\nseries = "b"',
        "site[0].service[1].category",
        'there is no category "d"',
    ),
    "category without service": (
        "[[site.category]]",
        '[[site.category]]\nid = "d" #!\nname = "空"\n[[site.category]]',
        "site[0].category[0].id",
        "no service is in this category",
    ),
    "stage twice": (
        '["受付", "交付"]',
        '["受付", "受付"] #!',
        "site[0].service[0].stages[1]",
        'the stage "受付" stands here twice',
    ),
    "series without service": (
        '[[site.series]]\nid = "b"',
        '[[site.series]]\nid = "u" #!\nfirst = 200\nlast = 299\n[[site.series]]\nid = "b"',
        "site[0].series[1].id",
        "no service uses this series",
    ),
    "service without counter": ('services = ["x", "y"]', 'services = ["x"]', "site[0].service[1].id", "no counter"),
    "service twice at a counter": (
        '["x", "y"]',
        '["x", "y", "x"] #!',
        "site[0].counter[0].services[2]",
        'the service "x" stands here twice',
    ),
    "unknown service": (
        '["x", "y"]',
        '["x", "y", "z"] #!',
        "site[0].counter[0].services[2]",
        'there is no service "z"',
    ),
    "counter without services": ('["x", "y"]', "[] #!", "site[0].counter[0].services", "must not be empty"),
    "unknown discipline": ('"weighted"', '"fair" #!', "site[0].counter[1].discipline", "'order' or 'weighted'"),
    "weights in order": ('discipline = "weighted"', 'discipline = "order"', "site[0].counter[1].weights", "weighted"),
    "weight of another service": (
        "{ x = 2 }",
        "{ x = 2, y = 1 } #!",
        "site[0].counter[1].weights.y",
        'does not serve "y"',
    ),
    "no weight": ("{ x = 2 }", "{ x = 0 } #!", "site[0].counter[1].weights.x", "more than 0"),
    "heavy weight": ("{ x = 2 }", "{ x = 100.5 } #!", "site[0].counter[1].weights.x", "100 or less"),
    "endless weight": ("{ x = 2 }", "{ x = nan } #!", "site[0].counter[1].weights.x", "must be a number"),
    "weight as a word": ("{ x = 2 }", '{ x = "2" } #!', "site[0].counter[1].weights.x", "must be a number"),
    "stages of another service": (
        '{ x = ["交付"] }',
        '{ y = ["受付"] } #!',
        "site[0].counter[1].stages.y",
        'does not serve "y"',
    ),
    "no stages": ('{ x = ["交付"] }', "{ x = [] } #!", "site[0].counter[1].stages.x", "must not be empty"),
    "unknown stage": (
        '{ x = ["交付"] }',
        '{ x = ["交付", "審査"] } #!',
        "site[0].counter[1].stages.x[1]",
        'the service "x" has no stage "審査"',
    ),
    "stage of a service that names none": (
        'services = ["x", "y"]',
        'services = ["x", "y"]\nstages = { y = ["受付", "交付"] } #!',
        "site[0].counter[0].stages.y[1]",
        'the service "y" has no stage "交付"',
    ),
    "stage twice at a counter": (
        '{ x = ["交付"] }',
        '{ x = ["交付", "交付"] } #!',
        "site[0].counter[1].stages.x[1]",
        'the stage "交付" stands here twice',
    ),
    "stage without counter": (
        'services = ["x", "y"]',
        'services = ["x", "y"]\nstages = { x = ["交付"] }',
        "site[0].service[0].stages[0]",
        'no counter serves the stage "受付"',
    ),
    "longest wait where it means nothing": (
        'services = ["x", "y"]',
        'services = ["x", "y"]\nlongest_wait = 30 #!',
        "site[0].counter[0].longest_wait",
        "the longest wait is always first",
    ),
    "longest wait too long": ("= 45", "= 601 #!", "site[0].counter[1].longest_wait", "600 or less"),
    "no head start": ("head_start = 20", "head_start = 0 #!", "site[0].priority[0].head_start", "1 or more"),
    "same priority": (
        "[[site.priority]]",
        '[[site.priority]]\nid = "first"\nname = "前"\nhead_start = 5\n[[site.priority]]',
        "site[0].priority[1].id",
        '"first" is taken already',
    ),
    "alert at nobody": ("people = 12", "people = 0 #!", "site[0].alerts.people", "1 or more"),
    "unknown alert": ("wait_minutes = 40", "minutes = 40 #!", "site[0].alerts.minutes", "unknown key"),
    "back after nobody knows how many": (
        'reinstate = "front"',
        'reinstate = "after"',
        "site[0].reinstate_after",
        "is missing",
    ),
    "back after too many": (
        'reinstate = "front"',
        'reinstate = "after"\nreinstate_after = 100 #!',
        "site[0].reinstate_after",
        "99 or less",
    ),
    "back in front after some": (
        'reinstate = "front"',
        'reinstate = "front"\nreinstate_after = 3 #!',
        "site[0].reinstate_after",
        'only with reinstate = "after"',
    ),
    "unknown counter": (
        'counters = ["1"]',
        'counters = ["1", "9"] #!',
        "site[0].area[0].counters[1]",
        'there is no counter "9"',
    ),
    "bound on the lowest level": (
        'label = "空き"',
        'label = "空き"\npeople = 1 #!',
        "site[0].level[0].people",
        "has no bound",
    ),
    "level without a bound": (
        '[[site.level]]\nkey = "crowded"\nlabel = "混雑"\npeople = 5',
        '[[site.level]] #!\nkey = "crowded"\nlabel = "混雑"',
        "site[0].level[1]",
        "needs people or minutes",
    ),
    "levels fall": (
        'key = "very_crowded"',
        'key = "free" #!',
        "site[0].service[1].level[2].key",
        "levels must rise: free < moderate",
    ),
    "bounds do not rise": (
        "minutes = 60",
        "minutes = 15 #!",
        "site[0].service[1].level[2].minutes",
        "must be more than in the levels before it, 15",
    ),
}
