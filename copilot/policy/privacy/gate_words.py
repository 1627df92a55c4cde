"""The words of the gate: what introduces personal data, by recogniser, as it stands in a base view.

Words alone; a blank at an end belongs to the word. Whatever a recogniser learns to find must have its word here.
"""

LABELLED = ("qq|q号|扣扣|扣号|加扣|加q|我q|抠抠|口口|叩叩|蔻蔻|企鹅号|企鹅:|座机|固话|座機").split("|")
MAIL = ("@|[at]|(at)|艾特|圈a|gmail|hotmail|outlook|yahoo|icloud|foxmail|163点|126点|163.com|126.com|qq点com").split(
    "|"
)
APPS = "ins|ig|tg|fb|snap|wa|insta|line".split("|")
ACCOUNT = (
    "v我|微信|薇信|威信|维信|徽信|卫信|危信|微讯|微号|微x|薇x|卫x|微❤|薇❤|v❤|v信|加v|+v|v:|vx|wx|weixin|wechat|wei信|"
    "加微|加薇|我v|小红书|telegram|whatsapp|line:|line@|ไลน์|小红书号|抖音号|快手号|微博号|insta|instagram|"
    "snapchat|skype|discord|zalo|viber|kakao|facebook|messenger|ins号|ins:|ig:|tg:|fb:|@|twitter|signal|飞机号|"
    "纸飞机|電報|电报号|whats app|line id|line @|ins |ig |tg |fb |snap |wa "
).split("|")
PAPER = (
    "护照|護照|身份证|身份號|证件号|passport|pasaporte|paspor|pasport|passeport|通行证|nric|nik|ktp|cccd|cmnd|"
    "ssn|dni|curp|พาสปอร์ต|หนังสือเดินทาง|บัตรประชาชน|ho chieu|hộ chiếu|social security|ic no|ic saya|my ic|ic:|"
    "ic number|national id"
).split("|")
NAME = (
    "收货人|收件人|寄件人|联系人|付款人|付款方|持卡人|姓名|户名|名字|我叫|名叫|全名|真名|我姓|收貨人|姓名:|"
    "聯繫人|recipient|attn|consignee|penerima|pangalan|pengirim|ชื่อ|tên|llamo|name is|name's|name:|name :|"
    "this is |ship to|ship it to|sent to|atas nama|nama saya|nama:|nama :|ten la|ten minh|ten toi|ten em|ten chi"
    "|ten anh|ten nguoi|nguoi nhan|ako po si|ako si|"
    "the name|'s name|my name|i'm |i am |我是|免贵姓|mi nombre es|nombre:|on the order is|on the account is|"
    "on the card is|speaking|name on|full name|shipped to|send it to|sold to|addressed to|先生|女士|小姐"
).split("|")
ROADS = ("路|街|大道|巷|弄|胡同|里|道|段|坊").split("|")
HOMES = (
    "小区|花园|公寓|家园|苑|大厦|广场|新村|雅居|华庭|社区|宿舍|大学|学校|中心|村|城|府|庭|湾|园|区|校区|医院|"
    "中学|小学|学院|公馆|国际|工业园|产业园|工业区"
).split("|")
PLACE = (
    "栋|幢|号楼|单元|村委会|自治区|自治州|号院|支弄|北京市|上海市|天津市|重庆市|河北省|山西省|辽宁省|吉林省|"
    "黑龙江省|江苏省|浙江省|安徽省|福建省|江西省|山东省|河南省|湖北省|湖南省|广东省|海南省|四川省|贵州省|云南省|"
    "陕西省|甘肃省|青海省|台湾省"
).split("|")
STREET = (
    "street|avenue|boulevard|blvd|highway|hwy|parkway|pkwy|terrace|crescent|queensway|jalan|jln|lorong|persiaran|"
    "đuong|duong|phuong|quan|brgy|barangay|purok|kecamatan|kelurahan|perumahan|kampung|kabupaten|singapore|calle|"
    "avenida|camino|jl.|jl |soi |moo |thanon |ngo |hem |ngõ |hẻm |blk |blok |block |lot |kec.|kel.|kp.|p.o. box|"
    "po box|taman |gang |flat |apt |deliver to|send to|live at|address is|address:|moved to|vivo en|hantar ke|"
    "alamat|đia chi|dia chi|address ko|giao đen|giao den|kirim ke|#0|#1|#2|komplek|apartemen"
).split("|")
STREET_SHORT = ("rd|ave|st|dr|ln|ct|pl|cir|road|lane|drive|court|close|way|place|square|grove|gardens|row").split("|")
