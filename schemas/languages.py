"""Codes of languages: the closed set that the columns `language` take their values from.

A card writes what it likes; parse keeps what stands here, in the one spelling that the Hub's
own language tags use (two letters where there are two), and reports the rest.
"""

from __future__ import annotations

_TWO_LETTERS = """
    aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de
    dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id
    ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu
    lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu
    rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to
    tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
"""

_THREE_LETTERS = """
    ace ach acm acq acw acx ady aeb afb ajp als apc apd arb arq ars ary arz ast awa ayl ayr azb azj ban
    bar bbc bcl bem ber bew bgc bho bik bjn blk brx bug bxr cbk cdo ceb cfm chr cjk cjy ckb cmn cnh crh
    csb dgo dik doi dsb dyu fil fon frp frr fur fuv gaa gbm gcf gom grc grt gsw hak haw hil hmn hne hnj
    hoc hsb hsn hwc ibb ilo inh jam jbo kab kac kam kbd kbp kca kea khk kjh kln kmb kmr knc kok krc kri
    krl kru ksw kum lbe lez lgg lij liv lld lmo loz ltg lua luo lus lvs lzh lzz mag mai mdf mdh mfe mhr
    min mni mnp mnw mos mrj mrw mww myv nah nan nap nds npi nso nus nyn olo ory pag pap pbt pcm pdc pes
    plt pms prs quc quy quz raj rki rom rue sah sat scn sco shi shn shu skr sma smj smn sms srn stq szl
    taq tcy teo tiv tlh toi tok tpi tum tyv tzm udm umb unr uzn vec vep vls vot vro war wuu xal ydd yua
    yue zgh zsm zza
"""

_OTHER_CODES = """
    aar:aa abk:ab afr:af aka:ak alb:sq amh:am ara:ar arg:an arm:hy asm:as ava:av ave:ae aym:ay aze:az
    bak:ba bam:bm baq:eu bel:be ben:bn bis:bi bod:bo bos:bs bre:br bul:bg bur:my cat:ca ces:cs cha:ch
    che:ce chi:zh chu:cu chv:cv cor:kw cos:co cre:cr cym:cy cze:cs dan:da deu:de div:dv dut:nl dzo:dz
    ell:el eng:en epo:eo est:et eus:eu ewe:ee fao:fo fas:fa fij:fj fin:fi fra:fr fre:fr fry:fy ful:ff
    geo:ka ger:de gla:gd gle:ga glg:gl glv:gv gre:el grn:gn guj:gu hat:ht hau:ha hbs:sh heb:he her:hz
    hin:hi hmo:ho hrv:hr hun:hu hye:hy ibo:ig ice:is ido:io iii:ii iku:iu ile:ie ina:ia ind:id ipk:ik
    isl:is ita:it jav:jv jpn:ja kal:kl kan:kn kas:ks kat:ka kau:kr kaz:kk khm:km kik:ki kin:rw kir:ky
    kom:kv kon:kg kor:ko kua:kj kur:ku lao:lo lat:la lav:lv lim:li lin:ln lit:lt ltz:lb lub:lu lug:lg
    mac:mk mah:mh mal:ml mao:mi mar:mr may:ms mkd:mk mlg:mg mlt:mt mon:mn mri:mi msa:ms mya:my nau:na
    nav:nv nbl:nr nde:nd ndo:ng nep:ne nld:nl nno:nn nob:nb nor:no nya:ny oci:oc oji:oj ori:or orm:om
    oss:os pan:pa per:fa pli:pi pol:pl por:pt pus:ps que:qu roh:rm ron:ro rum:ro run:rn rus:ru sag:sg
    san:sa sin:si slk:sk slo:sk slv:sl sme:se smo:sm sna:sn snd:sd som:so sot:st spa:es sqi:sq srd:sc
    srp:sr ssw:ss sun:su swa:sw swe:sv tah:ty tam:ta tat:tt tel:te tgk:tg tgl:tl tha:th tib:bo tir:ti
    ton:to tsn:tn tso:ts tuk:tk tur:tr twi:tw uig:ug ukr:uk urd:ur uzb:uz ven:ve vie:vi vol:vo wel:cy
    wln:wa wol:wo xho:xh yid:yi yor:yo zha:za zho:zh zul:zu
"""

ISO_639_1 = tuple(_TWO_LETTERS.split())
"""Two-letter codes, with `bh` and `sh`, which ISO has withdrawn and cards still use."""

ISO_639_3 = tuple(_THREE_LETTERS.split())
"""Three-letter codes of languages without a two-letter code, as far as speech and translation
collections (FLEURS, FLORES-200, Common Voice) and models on the Hub use them; with `ber` and
`nah`, which name groups of languages, and `ajp`, which ISO has merged into `apc`.

Not all of ISO 639-3: on the Hub a language is a tag among other tags, and codes such as `gan`,
`bin` or `ext` are words there.
"""

LANGUAGE = (*ISO_639_1, *ISO_639_3, "multilingual")

SYNONYM = {
    **dict(pair.split(":") for pair in _OTHER_CODES.split()),
    "iw": "he",
    "mul": "multilingual",
}
"""Other codes of languages that have a two-letter code: ISO 639-3, the bibliographic codes of
ISO 639-2, and `iw`, withdrawn in 1989.

For a card's field `language` only: as tags, `may`, `run`, `fin` and others are words.
"""
