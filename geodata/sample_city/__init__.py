"""A synthetic Semarang with an epidemic, generated from facts and a seed; all persons are invented.

Imitated: names and codes of 16 kecamatan and 177 kelurahan, their positions and areas, the
population of each kecamatan, 10,628 RT of about 156 people with rough borders; an epidemic from
March 2020 to December 2021 with waves like those of Java, uneven over kelurahan and RT, with
infections inside houses and between neighbours; delays from onset to report, deaths and
recoveries; on 9 and 18 September and 17 October 2021 as many coloured RT as the city published;
newcomers at Lebaran who are tested, verified and leave; late, corrected and withdrawn reports; RT
that are split and merged; addresses in many spellings; 37 puskesmas and other places, doses,
tests, beds and parcels of plausible sizes; and the errors of real files.

Not imitated: any real border, coast, river or street; the real distribution of cases over RT and
kelurahan; age, sex, work, schools, effects of vaccination, variants and hospitals; people of other
cities who are treated in Semarang. The data say nothing about the real epidemic. Identity numbers
begin with 0000; no real number does.
"""

from geodata.sample_city.city import SampleCity, build
from geodata.sample_city.redivision import KNOWN_FROM
from geodata.sample_city.redivision import SINCE as REDIVIDED
from geodata.sample_city.waves import FIRST_DAY, LAST_DAY

__all__ = ["FIRST_DAY", "KNOWN_FROM", "LAST_DAY", "REDIVIDED", "SampleCity", "build"]
