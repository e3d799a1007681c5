"""A synthetic Semarang with an epidemic in it, made from facts and a seed; no one in it is real.

Imitated: names and codes of 16 kecamatan and 177 kelurahan, where they lie and how large they
are, the people of each kecamatan, 10,628 RT of some 156 people with borders that look drawn; an
epidemic from March 2020 to December 2021 with waves like Java's, uneven over kelurahan and RT,
that runs through houses and to those beside them; delays from onset to report, deaths and
recoveries; on 9 and 18 September and 17 October 2021 as many coloured RT as the city published;
newcomers at Lebaran who are tested, verified and leave; reports that come late, are corrected or
withdrawn; RT that are divided anew; addresses in many writings; 37 puskesmas and other places,
doses, tests, beds and parcels of plausible sizes; and the untidiness of files.

Not imitated: the course of any real border, coast, river or street; which RT or kelurahan really
was hit; age, sex, work, schools, what vaccination, variants and hospitals do; people of other
cities treated here. No figure about the real epidemic may be read from it. Identity numbers begin
with 0000, which no real one does.
"""

from geodata.sample_city.city import SampleCity, build
from geodata.sample_city.redivision import KNOWN_FROM
from geodata.sample_city.redivision import SINCE as REDIVIDED
from geodata.sample_city.waves import FIRST_DAY, LAST_DAY

__all__ = ["FIRST_DAY", "KNOWN_FROM", "LAST_DAY", "REDIVIDED", "SampleCity", "build"]
