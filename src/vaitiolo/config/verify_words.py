"""What `vaitiolo verify` says, in the house's languages. It runs anywhere, so no catalogue is read.

Each check has one sentence; a sentence never says more than the check does.
"""

from collections.abc import Mapping
from typing import Final

Sentences = Mapping[str, str]

_ENGLISH: Final[Sentences] = {
    "file": "The file has the form of a proof bundle, and nothing else is in it.",
    "keys-given": "Keys: those of the policy file that you gave.",
    "keys-own": "KEYS FROM THE BUNDLE ITSELF. Whoever made the bundle chose them. Ask the "
    "witnesses "
    "or the Data Protection Ombudsman for the policy, and give it with --policy.",
    "checkpoint": "The log {} signed its state at {} entries.",
    "witness": "The witness {} saw this state on {} UTC.",
    "quorum": "As many witnesses signed as the policy asks for: {}.",
    "no-quorum": "NO WITNESS: the policy asks for none, so the house could have rewritten the log.",
    "stamp": "A time-stamp of an earlier state ({} entries) is in the bundle, and the log only "
    "grew "
    "since. The stamp's own signature is not checked here: openssl ts -verify does.",
    "no-stamp": "There is no time-stamp of an outside authority in the bundle.",
    "heads": "The log lists the last entry of everybody for its first {} entries.",
    "until": "That list was written on {} UTC: nothing is proved to be whole after that. The log "
    "has {} newer entries, the list's own among them.",
    "chain": "The entries are of one record, numbered from {} to {}, and each names the one "
    "before.",
    "included": "All {} entries stand in the log at the places that they state.",
    "whole": "Nothing is missing at the end: the last of {} entries is the one that the log lists "
    "({} entries covered).",
    "none": "There is no entry of this record among the first {} entries of the log.",
    "details": "{} details are those that the entries were made with; {} were erased.",
    "older": "NOT SHOWN: {} earlier entries, older than two years. Their number is proved, their "
    "content is not here.",
    "withheld": "NOT COMPLETE BY DECISION: {} entries are withheld. That they exist, and where, is "
    "proved; what they say is not here.",
    "newer": "{} entries are newer than the list of last entries. They are genuine; that none "
    "among "
    "them is missing will be proved by the next list.",
    "unseen": "This check does not see: what was done without an entry; a second, hidden record of "
    "the same person; which name belongs to which random number; report.pdf and README.html, which "
    "only repeat the entries.",
    "good": "Everything that is in the bundle is genuine.",
    "bad": "NOT GENUINE, OR NOT WHOLE: {}{} Keep the file as it is, and tell the Data Protection "
    "Ombudsman.",
    "cannot": "The file could not be read: {}.",
    "at": " ({})",
    "bad-archive": "this is not a proof bundle. It may have been packed anew: take the file as it "
    "was given.",
    "bad-missing": "a part is missing.",
    "bad-unknown-file": "a file is in it that does not belong there.",
    "bad-numbers": "entries are missing, or there are more than the bundle says.",
    "bad-form": "a part is not written as it should be.",
    "bad-format": "the bundle is of a version that is not known here.",
    "bad-policy": "the policy is not one.",
    "bad-checkpoint": "the log's key did not sign this state.",
    "bad-witness": "a witness's signature is wrong.",
    "bad-quorum": "too few witnesses signed.",
    "bad-stamp": "the time-stamp is not of an earlier state of this log.",
    "bad-heads": "the list of last entries is not in the log.",
    "bad-chain": "entries are missing, exchanged, renumbered or another's.",
    "bad-included": "an entry does not stand in the log.",
    "bad-whole": "entries are missing at the end, or the list of last entries says otherwise.",
    "bad-detail": "a detail is not the one that the entry was made with.",
}
_FINNISH: Final[Sentences] = {
    "file": "Tiedosto on todistepaketin muotoinen, eikä siinä ole mitään muuta.",
    "keys-given": "Avaimet: antamasi sääntötiedoston avaimet.",
    "keys-own": "AVAIMET OVAT PAKETISTA ITSESTÄÄN. Ne valitsi se, joka paketin teki. Pyydä säännöt "
    "todistajilta tai tietosuojavaltuutetun toimistosta ja anna ne valinnalla --policy.",
    "checkpoint": "Loki {} allekirjoitti tilansa, kun siinä oli {} merkintää.",
    "witness": "Todistaja {} näki tämän tilan {} UTC.",
    "quorum": "Todistajia allekirjoitti niin monta kuin säännöt vaativat: {}.",
    "no-quorum": "EI TODISTAJIA: säännöt eivät vaadi yhtään, joten talo olisi voinut kirjoittaa "
    "lokin "
    "uudelleen.",
    "stamp": "Paketissa on aikaleima aiemmasta tilasta ({} merkintää), ja loki on sen jälkeen vain "
    "kasvanut. Leiman omaa allekirjoitusta ei tarkisteta tässä: openssl ts -verify tarkistaa.",
    "no-stamp": "Paketissa ei ole ulkopuolisen aikaleimaa.",
    "heads": "Loki luettelee kaikkien viimeiset merkinnät ensimmäisten {} merkinnän osalta.",
    "until": "Luettelo on kirjoitettu {} UTC: sen jälkeiseltä ajalta mitään ei ole todistettu "
    "täydelliseksi. Lokissa on {} uudempaa merkintää, luettelon oma niiden joukossa.",
    "chain": "Merkinnät kuuluvat yhteen potilaskertomukseen, niiden numerot kulkevat luvusta {} "
    "lukuun {}, ja jokainen "
    "nimeää edellisensä.",
    "included": "Kaikki {} merkintää ovat lokissa ilmoittamillaan paikoilla.",
    "whole": "Lopusta ei puutu mitään: {} merkinnän viimeinen on se, jonka loki luettelee ({} "
    "merkintää katettu).",
    "none": "Tästä kertomuksesta ei ole merkintää lokin ensimmäisten {} merkinnän joukossa.",
    "details": "{} merkinnän tiedot ovat ne, joilla merkintä tehtiin; {} on poistettu.",
    "older": "EI NÄYTETÄ: {} aiempaa merkintää, yli kaksi vuotta vanhoja. Niiden määrä on "
    "todistettu, sisältö ei ole tässä.",
    "withheld": "PÄÄTÖKSEN MUKAAN EI TÄYDELLINEN: {} merkintää on jätetty pois. Se, että ne ovat "
    "olemassa ja missä, on todistettu; niiden sisältö ei ole tässä.",
    "newer": "{} merkintää on viimeisten merkintöjen luetteloa uudempia. Ne ovat aitoja; seuraava "
    "luettelo todistaa, ettei niiden joukosta puutu mitään.",
    "unseen": "Tämä tarkistus ei näe: sitä, mikä tehtiin ilman merkintää; saman henkilön toista, "
    "piilotettua kertomusta; kenen nimi kuuluu mihinkin satunnaiseen numeroon; tiedostoja "
    "report.pdf "
    "ja README.html, jotka vain toistavat merkinnät.",
    "good": "Kaikki, mitä paketissa on, on aitoa.",
    "bad": "EI AITO TAI EI KOKONAINEN: {}{} Säilytä tiedosto sellaisenaan ja kerro "
    "tietosuojavaltuutetun toimistoon.",
    "cannot": "Tiedostoa ei voitu lukea: {}.",
    "at": " ({})",
    "bad-archive": "tämä ei ole todistepaketti. Se on voitu pakata uudelleen: käytä tiedostoa "
    "sellaisena "
    "kuin se annettiin.",
    "bad-missing": "jokin osa puuttuu.",
    "bad-unknown-file": "mukana on tiedosto, joka ei kuulu siihen.",
    "bad-numbers": "merkintöjä puuttuu, tai niitä on enemmän kuin paketti sanoo.",
    "bad-form": "jokin osa ei ole kirjoitettu niin kuin pitää.",
    "bad-format": "paketin versiota ei tunneta.",
    "bad-policy": "säännöt eivät ole säännöt.",
    "bad-checkpoint": "lokin avain ei ole allekirjoittanut tätä tilaa.",
    "bad-witness": "todistajan allekirjoitus on väärä.",
    "bad-quorum": "liian harva todistaja on allekirjoittanut.",
    "bad-stamp": "aikaleima ei ole tämän lokin aiemmasta tilasta.",
    "bad-heads": "viimeisten merkintöjen luettelo ei ole lokissa.",
    "bad-chain": "merkintöjä puuttuu, niitä on vaihdettu, numeroitu uudelleen tai ne ovat jonkun "
    "muun.",
    "bad-included": "merkintä ei ole lokissa.",
    "bad-whole": "lopusta puuttuu merkintöjä, tai viimeisten merkintöjen luettelo sanoo muuta.",
    "bad-detail": "merkinnän tiedot eivät ole ne, joilla se tehtiin.",
}
_SWEDISH: Final[Sentences] = {
    "file": "Filen har formen av ett bevispaket, och inget annat finns i den.",
    "keys-given": "Nycklar: de som står i regelfilen som du gav.",
    "keys-own": "NYCKLARNA KOMMER UR PAKETET SJÄLVT. Den som gjorde paketet valde dem. Be vittnena "
    "eller dataombudsmannens byrå om reglerna och ge dem med --policy.",
    "checkpoint": "Loggen {} undertecknade sitt läge vid {} poster.",
    "witness": "Vittnet {} såg detta läge {} UTC.",
    "quorum": "Så många vittnen undertecknade som reglerna kräver: {}.",
    "no-quorum": "INGA VITTNEN: reglerna kräver inga, så huset kunde ha skrivit om loggen.",
    "stamp": "I paketet finns en tidsstämpel av ett tidigare läge ({} poster), och loggen har "
    "sedan "
    "dess bara vuxit. Stämpelns egen underskrift kontrolleras inte här: det gör openssl ts "
    "-verify.",
    "no-stamp": "I paketet finns ingen tidsstämpel från en utomstående.",
    "heads": "Loggen förtecknar allas sista poster för sina första {} poster.",
    "until": "Förteckningen skrevs {} UTC: för tiden därefter är ingenting bevisat fullständigt. "
    "Loggen har {} nyare poster, förteckningens egen bland dem.",
    "chain": "Posterna hör till en journal, är numrerade från {} till {}, och var och en nämner "
    "den "
    "föregående.",
    "included": "Alla {} poster står i loggen på de platser som de uppger.",
    "whole": "Inget saknas i slutet: den sista av {} poster är den som loggen förtecknar ({} "
    "poster "
    "täcks).",
    "none": "Bland loggens första {} poster finns ingen av denna journal.",
    "details": "{} posters uppgifter är de som posterna gjordes med; {} har raderats.",
    "older": "VISAS INTE: {} tidigare poster, äldre än två år. Deras antal är bevisat, innehållet "
    "finns inte här.",
    "withheld": "INTE FULLSTÄNDIGT, ENLIGT BESLUT: {} poster har utelämnats. Att de finns, och "
    "var, "
    "är bevisat; vad de säger finns inte här.",
    "newer": "{} poster är nyare än förteckningen över sista poster. De är äkta; att ingen saknas "
    "bland dem bevisas av nästa förteckning.",
    "unseen": "Denna kontroll ser inte: det som gjordes utan post; en andra, dold journal över "
    "samma "
    "person; vilket namn som hör till vilket slumpmässigt nummer; report.pdf och README.html, som "
    "bara upprepar posterna.",
    "good": "Allt som finns i paketet är äkta.",
    "bad": "INTE ÄKTA ELLER INTE HELT: {}{} Behåll filen som den är och meddela dataombudsmannens "
    "byrå.",
    "cannot": "Filen kunde inte läsas: {}.",
    "at": " ({})",
    "bad-archive": "detta är inget bevispaket. Det kan ha packats om: använd filen som den gavs.",
    "bad-missing": "en del saknas.",
    "bad-unknown-file": "i paketet finns en fil som inte hör dit.",
    "bad-numbers": "poster saknas, eller de är fler än paketet säger.",
    "bad-form": "en del är inte skriven som den ska.",
    "bad-format": "paketet är av en version som inte är känd här.",
    "bad-policy": "reglerna är inga regler.",
    "bad-checkpoint": "loggens nyckel har inte undertecknat detta läge.",
    "bad-witness": "ett vittnes underskrift är fel.",
    "bad-quorum": "för få vittnen har undertecknat.",
    "bad-stamp": "tidsstämpeln är inte av ett tidigare läge av denna logg.",
    "bad-heads": "förteckningen över sista poster finns inte i loggen.",
    "bad-chain": "poster saknas, har bytts ut, numrerats om eller är någon annans.",
    "bad-included": "en post står inte i loggen.",
    "bad-whole": "poster saknas i slutet, eller förteckningen över sista poster säger något annat.",
    "bad-detail": "en posts uppgifter är inte de som den gjordes med.",
}
WORDS: Final[Mapping[str, Sentences]] = {"en": _ENGLISH, "fi": _FINNISH, "sv": _SWEDISH}
