"""What Yahoo calls exchanges and kinds of instrument, and what they are.

**Source**: the codes are those that Yahoo's answers carry; the markets are named by ISO 10383.
"""

from __future__ import annotations

from collections.abc import Mapping

from tickfolio.domain.instruments import PRIVATE_MIC, InstrumentClass, Publication

ALWAYS_OPEN = "24/7"
CURRENCY_WEEK = "24/5"
"""No exchange's codes, so no MIC: of what trades without a pause, and of currencies, which rest at the weekend."""

# Of indices: SNP, DJI, NIM and CXI, which are made while the shares trade that they are made of.
_CODES = {
    "XNAS": "NMS NGM NCM NAS NIM",
    "XNYS": "NYQ SNP DJI",
    "XASE": "ASE",
    "ARCX": "PCX",
    "BATS": "BTS",
    "XCBO": "CXI",
    "OTCM": "PNK OQB OQX OTC OEM",
    "XCME": "CME",
    "XCBT": "CBT",
    "XCEC": "CMX",
    "XNYM": "NYM",
    "IFUS": "NYB",
    "XTSE": "TOR",
    "XTSX": "VAN",
    "XCNQ": "CNQ",
    "NEOE": "NEO",
    "BVMF": "SAO",
    "XMEX": "MEX",
    "XBUE": "BUE",
    "XSGO": "SGO",
    "XLON": "LSE IOB",
    "AQSE": "AQS",
    "XDUB": "ISE",
    "XETR": "GER",
    "XFRA": "FRA",
    "XSTU": "STU",
    "XMUN": "MUN",
    "XBER": "BER",
    "XDUS": "DUS",
    "XHAM": "HAM",
    "XHAN": "HAN",
    "XSWX": "EBS",
    "XWBO": "VIE",
    "XWAR": "WSE",
    "XPRA": "PRA",
    "XBUD": "BUD",
    "XBSE": "BVB",
    "XPAR": "PAR",
    "XAMS": "AMS",
    "XBRU": "BRU",
    "XLIS": "LIS",
    "XMIL": "MIL",
    "XMAD": "MCE",
    "ASEX": "ATH",
    "XSTO": "STO",
    "XHEL": "HEL",
    "XCSE": "CPH",
    "XOSL": "OSL",
    "XICE": "ICE",
    "XTAL": "TAL",
    "XRIS": "RIS",
    "XLIT": "LIT",
    "XIST": "IST",
    "XTKS": "JPX OSA",
    "XHKG": "HKG",
    "XSHG": "SHH",
    "XSHE": "SHZ",
    "XTAI": "TAI",
    "ROCO": "TWO",
    "XKRX": "KSC",
    "XKOS": "KOE",
    "XBOM": "BSE",
    "XNSE": "NSI",
    "XSES": "SES",
    "XIDX": "JKT",
    "XKLS": "KLS",
    "XBKK": "SET",
    "XASX": "ASX",
    "XNZE": "NZE",
    "XJSE": "JNB",
    "XTAE": "TLV",
    "XSAU": "SAU",
    "DSMD": "DOH",
    "XKUW": "KUW",
    "XCAI": "CAI",
    ALWAYS_OPEN: "CCC",
    CURRENCY_WEEK: "CCY",
}
_MICS: Mapping[str, str] = {code: mic for mic, codes in _CODES.items() for code in codes.split()}
_CLASSES: Mapping[str, InstrumentClass] = {
    "EQUITY": InstrumentClass.EQUITY,
    "ETF": InstrumentClass.FUND,
    "MUTUALFUND": InstrumentClass.FUND,
    "MONEYMARKET": InstrumentClass.FUND,
    "BOND": InstrumentClass.BOND,
    "OPTION": InstrumentClass.OPTION,
    "CRYPTOCURRENCY": InstrumentClass.CRYPTO,
    "COMMODITY": InstrumentClass.COMMODITY,
}
_DAILY = {"MUTUALFUND", "MONEYMARKET"}


def mic_of(exchange: str) -> str:
    """The market that Yahoo's code of an exchange means; ISO 10383's code for none where it is not known.

    >>> mic_of("NMS"), mic_of("LSE"), mic_of("???")
    ('XNAS', 'XLON', 'XXXX')
    """
    return _MICS.get(exchange.upper(), PRIVATE_MIC)


def class_of(kind: str) -> InstrumentClass:
    """The kind of instrument; indices, currencies, futures and what is not known are others."""
    return _CLASSES.get(kind.upper(), InstrumentClass.OTHER)


def publication_of(kind: str) -> Publication:
    """How often a price is made: of a fund that no exchange trades, once a day."""
    return Publication.DAILY if kind.upper() in _DAILY else Publication.TICK
