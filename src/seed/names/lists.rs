//! The names themselves, by language and script.

/// Names that go together.
pub struct Naming {
    pub given: &'static str,
    pub family: &'static str,
    pub shown: Shown,
}

/// How a whole name is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    GivenFirst,
    /// Given name first, and people may have a second given name.
    SecondGiven,
    FamilyFirst,
    /// Family name first, with nothing between the two.
    Joined,
}

/// Words are parted by spaces; `_` is a space inside a name; after `=` stands what an address is made of, where that
/// cannot be told from the letters.
pub const NAMINGS: &[Naming] = &[
    Naming {
        given: "Alice Charlotte Daisy Edith Florence Georgina Harriet Imogen Arthur Barnaby Cecil Edmund Frederick \
                Gareth Humphrey Rupert",
        family: "Ashworth Bradshaw Carmichael Dunmore Ellison Fairfax Goodwin Holloway Kingsley Lockwood Middleton \
                 Norwood O'Connor Pemberton St._John Whitaker",
        shown: Shown::SecondGiven,
    },
    Naming {
        given: "Amélie Brigitte Chloé Élodie Geneviève Hélène Inès Jeanne André Benoît Étienne François Jérôme Loïc \
                Rémi Théo",
        family: "Beauchêne Carrière D'Aubigné Desrosiers Faÿ Gauthier Lefèvre Maréchal Noël Périgord Rousseau \
                 Saint-Exupéry Thévenet Vallée Villeneuve de_La_Fontaine",
        shown: Shown::SecondGiven,
    },
    Naming {
        given: "Annegret Brunhilde Dörte Friederike Käthe Liesel Mareike Ulrike Bärbel Götz Günther Jörg Jürgen Rüdiger \
                Sören Veit",
        family: "Böhm Döring Fröhlich Großmann Hägele Jäger Köhler Löwenstein Müller-Lüdenscheidt Röntgen Schäfer Strauß \
                 Überreiter Vögele Weiß von_Bülow",
        shown: Shown::SecondGiven,
    },
    Naming {
        given: "Begoña Concepción Inmaculada Itziar Lucía Macarena Nuria Rocío Álvaro Benjamín Cristóbal Íñigo Joaquín \
                Óscar Raúl Sebastián",
        family: "Álvarez_Peña Castaño_Ruiz Domínguez_Gil Echevarría_Sáez Fernández_Muñoz García_Márquez Gutiérrez_Vega \
                 Ibáñez_Lorca Jiménez_Ríos López_Cañizares Martínez_Ibarra Núñez_Balboa Ordóñez_Prado Pérez_Galdós \
                 Rodríguez_Zapata Zúñiga_Mora",
        shown: Shown::GivenFirst,
    },
    Naming {
        given: "Conceição Fátima Inês Joana Letícia Mônica Patrícia Tainá André_Luís Caetano Gonçalo João Luís Nuno \
                Sérgio Vinícius",
        family: "Araújo Brandão Camões Conceição_Lobo Drummond Falcão Guimarães Lourenço Magalhães Negrão Peixoto \
                 Quintão Saldanha Simões Távora da_Conceição",
        shown: Shown::GivenFirst,
    },
    Naming {
        given: "Alessandra Beatrice Chiara Domitilla Fiammetta Ginevra Ludovica Niccolò Ottavia Giosuè Leonardo Matteo \
                Raffaele Salvatore Tommaso Vittorio",
        family: "Bevilacqua Calabrò Colombo D'Angelo De_Filippis Esposito Ferrarese Galilei Lo_Bianco Mastroianni Nicolò \
                 Pavarotti Quattrocchi Scognamiglio Tagliaferri Verdirosi",
        shown: Shown::GivenFirst,
    },
    Naming {
        given: "Åsa Birgitta Elin Gunnel Hjördis Ingrid Linnéa Märta Anders Björn Göran Håkan Jörgen Lennart Östen Torbjörn",
        family: "Åkerblad Bergström Dahlqvist Ekelöf Fjällström Grönwall Hägglund Lindgård Månsson Nyström Öberg Palmqvist \
                 Rönnberg Sjögren Törnqvist Wahlström",
        shown: Shown::SecondGiven,
    },
    Naming {
        given: "Anniken Bodil Gro Kjærsti Maiken Ragnhild Solveig Torunn Bjarne Gisle Hårek Jørgen Kåre Øystein Sjur Ådne",
        family: "Aasgård Bjørnstad Dæhlie Eidsvåg Fjærtoft Grøndahl Hauglid Kjærgaard Løvenskiold Mæhlum Nygård Ødegaard \
                 Rødland Skjønberg Tveitå Vågen",
        shown: Shown::SecondGiven,
    },
    Naming {
        given: "Ásdís Birna Dagný Guðrún Hrafnhildur Ísold Jóhanna Katrín Ragnheiður Sigríður Sóley Þórdís Unnur Vigdís \
                Æsa Ösp",
        family: "Árnadóttir Björnsdóttir Einarsdóttir Gísladóttir Hallgrímsdóttir Ingólfsdóttir Jónsdóttir Kristjánsdóttir \
                 Magnúsdóttir Ólafsdóttir Pálsdóttir Ragnarsdóttir Sæmundsdóttir Stefánsdóttir Þorsteinsdóttir Ævarsdóttir",
        shown: Shown::GivenFirst,
    },
    Naming {
        given: "Aino Eeva Hilkka Päivi Säde Tuulikki Vieno Yrsa Eino Jyrki Kyösti Mikko Pekka Tapani Väinö Yrjö",
        family: "Ahtisaari Häkkinen Jääskeläinen Kivelä Lönnrot Mäkinen Niemelä Pöysti Räikkönen Salminen Sillanpää \
                 Törmänen Uotila Väyrynen Ylönen Äyräpää",
        shown: Shown::GivenFirst,
    },
    Naming {
        given: "Agnieszka Bożena Elżbieta Grażyna Jadwiga Małgorzata Święta Żaneta Błażej Grzegorz Józef Kazimierz Łukasz \
                Mikołaj Stanisław Zdzisław",
        family: "Brzozowicz Chrząszcz Dąbek Gołąb Jabłoń Kościuszko Łukaszewicz Michałek Nowicz Ostrzyca Piątek \
                 Różycz Szczęsny Śliwa Wójcik Żmuda",
        shown: Shown::GivenFirst,
    },
    Naming {
        given: "Alžběta Blažena Dušana Eliška Jiřina Kateřina Libuše Ludmila Markéta Růžena Šárka Taťána Věra Zdeňka \
                Žofie Běla",
        family: "Bartoňová Čapková Dvořáková Fišerová Havlíčková Jelínková Kučerová Ládová Marešová Nováčková Procházková \
                 Řezníčková Šimůnková Třešňáková Vaňková Žižková",
        shown: Shown::GivenFirst,
    },
    Naming {
        given: "Anikó Boglárka Csilla Emőke Györgyi Ildikó Kinga Zsófia Ákos Bálint Csaba Ernő Gergő Győző Lőrinc Zsolt",
        family: "Ágoston Bartók Csörgő Dezső Erdős Fekete Gyöngyösi Hegedűs Kőszegi Lukács Molnár Németh Őrsi Szűcs \
                 Tóth Zsigmond",
        shown: Shown::FamilyFirst,
    },
    Naming {
        given: "Ayşe Çiğdem Elif Gülşen İpek Müjgan Nilüfer Şebnem Barış Cengiz Doğan Engin Görkem İsmail Oğuz Ümit",
        family: "Akdoğan Bayraktar Çelik Demirtaş Erdoğmuş Güneş Hacıoğlu Işık Karagöz Öztürk Pamuk Şahin Tanrıkulu \
                 Uçar Yıldız Yağmur",
        shown: Shown::GivenFirst,
    },
    Naming {
        given: "Анна=anna Валентина=valentina Дарья=darya Екатерина=ekaterina Ирина=irina Ксения=ksenia Людмила=lyudmila \
                Марина=marina Надежда=nadezhda Оксана=oksana Полина=polina Светлана=svetlana Татьяна=tatyana Ульяна=ulyana \
                Юлия=yulia Яна=yana",
        family: "Алексеева=alekseeva Белова=belova Волкова=volkova Громова=gromova Егорова=egorova Жукова=zhukova \
                 Зайцева=zaitseva Ковалевская=kovalevskaya Лебедева=lebedeva Морозова=morozova Орлова=orlova \
                 Петрова=petrova Соколова=sokolova Фёдорова=fyodorova Цветкова=tsvetkova Щербакова=shcherbakova",
        shown: Shown::GivenFirst,
    },
    Naming {
        given: "Андрій=andriy Богдан=bohdan Василь=vasyl Ганна=hanna Євген=yevhen Злата=zlata Ірина=iryna Катерина=kateryna \
                Леся=lesya Мирослав=myroslav Наталя=natalya Олександр=oleksandr Оксана=oksana Соломія=solomiya \
                Тарас=taras Юрій=yuriy",
        family: "Бондаренко=bondarenko Гнатюк=hnatyuk Дорошенко=doroshenko Коваленко=kovalenko Кравчук=kravchuk \
                 Лисенко=lysenko Мельник=melnyk Марченко=marchenko Олійник=oliynyk Петренко=petrenko Руденко=rudenko \
                 Савченко=savchenko Ткачук=tkachuk Франко=franko Шевченко=shevchenko Яценко=yatsenko",
        shown: Shown::GivenFirst,
    },
    Naming {
        given: "Αθηνά=athina Βασιλική=vasiliki Δέσποινα=despoina Ελένη=eleni Ευαγγελία=evangelia Καλλιόπη=kalliopi \
                Μαρία=maria Σοφία=sofia Άγγελος=angelos Γιώργος=giorgos Δημήτρης=dimitris Ιωάννης=ioannis \
                Κωνσταντίνος=konstantinos Νίκος=nikos Σπύρος=spyros Χρήστος=christos",
        family: "Αλεξίου=alexiou Βασιλείου=vasileiou Γεωργίου=georgiou Δημητρίου=dimitriou Ευθυμίου=efthymiou \
                 Ζαχαρίου=zachariou Ηλιάδη=iliadi Θεοδώρου=theodorou Ιωάννου=ioannou Καζαντζή=kazantzi Λάμπρου=lamprou \
                 Μακρή=makri Νικολάου=nikolaou Οικονόμου=oikonomou Παπαδάκη=papadaki Χριστοδούλου=christodoulou",
        shown: Shown::GivenFirst,
    },
    Naming {
        given: "ابتسام=ibtisam أمينة=amina دعاء=duaa رانيا=rania زينب=zaynab سلمى=salma فاطمة=fatima ليلى=layla أحمد=ahmad \
                بلال=bilal حسن=hasan خالد=khalid سامي=sami طارق=tariq عمر=umar يوسف=yusuf",
        family: "البغدادي=albaghdadi التونسي=altunisi الجابري=aljabiri الحداد=alhaddad الخوارزمي=alkhwarizmi الرازي=alrazi \
                 السعدي=alsaadi الشامي=alshami الصباغ=alsabbagh العطار=alattar الفاسي=alfasi القاسم=alqasim الكندي=alkindi \
                 المصري=almasri النجار=alnajjar الهاشمي=alhashimi",
        shown: Shown::GivenFirst,
    },
    Naming {
        given: "אביגיל=avigail דבורה=dvora חנה=chana יעל=yael מרים=miryam נועה=noa רחל=rachel תמר=tamar איתן=eitan \
                בנימין=binyamin גדעון=gideon דוד=david יונתן=yonatan משה=moshe עמוס=amos שלמה=shlomo",
        family: "אלון=alon ברק=barak גולן=golan דגן=dagan הררי=harari זמיר=zamir חורש=choresh טל=tal כרמל=karmel לביא=lavi \
                 מזרחי=mizrachi נחמני=nachmani סלע=sela פלדמן=feldman צור=tzur שפירא=shapira",
        shown: Shown::GivenFirst,
    },
    Naming {
        given: "آناهیتا=anahita پروین=parvin رکسانا=roxana ژاله=zhaleh شیرین=shirin فروغ=forough گلناز=golnaz مهتاب=mahtab \
                آرش=arash بهرام=bahram جمشید=jamshid داریوش=dariush سیاوش=siavash فرهاد=farhad کاوه=kaveh هومن=houman",
        family: "آریان=aryan بهبهانی=behbahani پارسا=parsa تهرانی=tehrani جعفری=jafari خیام=khayyam رستمی=rostami \
                 زندی=zandi سپهری=sepehri شجریان=shajarian صادقی=sadeghi فرخزاد=farrokhzad کاشانی=kashani گیلانی=gilani \
                 مرادی=moradi نیشابوری=neyshaburi",
        shown: Shown::GivenFirst,
    },
    Naming {
        given: "अदिति=aditi अंजलि=anjali दीपिका=deepika गौरी=gauri कविता=kavita लक्ष्मी=lakshmi मीरा=meera प्रिया=priya अर्जुन=arjun भारत=bharat \
                गोपाल=gopal हरीश=harish कृष्ण=krishna मोहन=mohan राजेश=rajesh विक्रम=vikram",
        family: "अग्रवाल=agrawal भट्ट=bhatt चौहान=chauhan द्विवेदी=dwivedi गुप्ता=gupta जोशी=joshi कपूर=kapoor मिश्र=mishra नेहरू=nehru \
                 पाण्डेय=pandey राठौड़=rathore शर्मा=sharma त्रिपाठी=tripathi उपाध्याय=upadhyay वर्मा=varma यादव=yadav",
        shown: Shown::GivenFirst,
    },
    Naming {
        given: "அனிதா=anitha கயல்விழி=kayalvizhi செல்வி=selvi தமிழரசி=thamizharasi நிலா=nila பூங்கொடி=poongodi மலர்=malar \
                வள்ளி=valli அன்பு=anbu இளங்கோ=ilango கண்ணன்=kannan குமரன்=kumaran சேகர்=sekar பாரதி=bharathi \
                முருகன்=murugan வேலன்=velan",
        family: "அழகன்=azhagan ஆறுமுகம்=arumugam இராமன்=iraman கந்தசாமி=kandasamy கோபாலன்=gopalan சந்திரன்=chandran \
                 சுப்பிரமணியன்=subramanian சோமசுந்தரம்=somasundaram தங்கவேல்=thangavel நடராஜன்=natarajan \
                 பழனிசாமி=palanisamy மணிகண்டன்=manikandan ராஜகோபால்=rajagopal லிங்கம்=lingam வெங்கட்=venkat \
                 ஜெயராமன்=jayaraman",
        shown: Shown::GivenFirst,
    },
    Naming {
        given: "আনন্দী=anandi দেবযানী=debjani ইন্দ্রাণী=indrani জয়িতা=jayita মধুমিতা=madhumita নন্দিনী=nandini শর্মিষ্ঠা=sharmistha তনুশ্রী=tanusree \
                অমর্ত্য=amartya বিভূতি=bibhuti দীপঙ্কর=dipankar জগদীশ=jagadish মৃণাল=mrinal সত্যেন=satyen সুভাষ=subhash তপন=tapan",
        family: "বন্দ্যোপাধ্যায়=bandyopadhyay বসু=basu ভট্টাচার্য=bhattacharya চক্রবর্তী=chakraborty চট্টোপাধ্যায়=chattopadhyay দাশগুপ্ত=dasgupta \
                 ঘোষ=ghosh গঙ্গোপাধ্যায়=gangopadhyay লাহিড়ী=lahiri মজুমদার=majumdar মুখোপাধ্যায়=mukhopadhyay রায়চৌধুরী=raychaudhuri সান্যাল=sanyal \
                 সরকার=sarkar সেনগুপ্ত=sengupta ঠাকুর=thakur",
        shown: Shown::GivenFirst,
    },
    Naming {
        given: "芳=fang 桂英=guiying 静怡=jingyi 丽娜=lina 梦琪=mengqi 婷婷=tingting 晓雯=xiaowen 雨桐=yutong 建国=jianguo 俊杰=junjie \
                明=ming 伟=wei 文博=wenbo 志强=zhiqiang 子轩=zixuan 浩然=haoran",
        family: "陈=chen 邓=deng 高=gao 胡=hu 李=li 刘=liu 欧阳=ouyang 彭=peng 沈=shen 司马=sima 孙=sun 王=wang 吴=wu 徐=xu 张=zhang \
                 赵=zhao",
        shown: Shown::Joined,
    },
    Naming {
        given: "明日香=asuka 千尋=chihiro 花子=hanako さくら=sakura 美咲=misaki 直美=naomi 優子=yuko 陽菜=hina 大輔=daisuke 英樹=hideki \
                一郎=ichiro 健太=kenta 直樹=naoki 翔太=shota 拓海=takumi 勇気=yuki",
        family: "青木=aoki 遠藤=endo 藤原=fujiwara 橋本=hashimoto 伊藤=ito 清水=shimizu 小林=kobayashi 松本=matsumoto 中村=nakamura \
                 小野寺=onodera 佐々木=sasaki 鈴木=suzuki 高橋=takahashi 田中=tanaka 渡辺=watanabe 山田=yamada",
        shown: Shown::Joined,
    },
    Naming {
        given: "다은=daeun 하은=haeun 혜진=hyejin 지우=jiwoo 민지=minji 서연=seoyeon 수빈=subin 유나=yuna 동현=donghyun 현우=hyunwoo 재현=jaehyun \
                준호=junho 민수=minsu 성민=seongmin 태양=taeyang 영호=youngho",
        family: "김=kim 이=yi 박=park 최=choi 정=jung 강=kang 조=cho 윤=yoon 장=jang 임=lim 한=han 오=oh 서=seo 신=shin 권=kwon 황=hwang",
        shown: Shown::Joined,
    },
    Naming {
        given: "Thị_Ánh Bích_Ngọc Cẩm_Tú Diễm_Quỳnh Hồng_Nhung Mỹ_Linh Phương_Thảo Thu_Hằng Anh_Dũng Bảo_Khánh Đức_Thắng \
                Hữu_Phước Minh_Quân Quốc_Việt Tuấn_Kiệt Văn_Hùng",
        family: "Bùi Cao Đặng Đinh Đỗ Dương Hồ Hoàng Huỳnh Lê Lý Ngô Nguyễn Phạm Trần Võ",
        shown: Shown::FamilyFirst,
    },
    Naming {
        given: "กนกวรรณ=kanokwan จันทร์เพ็ญ=chanpen ชลธิชา=chonthicha ดวงใจ=duangjai นภา=napha พิมพ์ใจ=phimchai รัตนา=rattana อรุณี=arunee \
                กิตติ=kitti เฉลิม=chaloem ณัฐพล=natthaphon ธนากร=thanakon ประเสริฐ=prasoet วิชัย=wichai สมชาย=somchai อนุชา=anucha",
        family: "กาญจนวงศ์=kanchanawong แก้วมณี=kaewmanee จันทรา=chanthra ชัยวัฒน์=chaiwat ดำรงค์=damrong ทองดี=thongdee นาคสุข=naksuk บุญมี=bunmee \
                 ประทุม=prathum พงษ์ศิริ=phongsiri มั่นคง=mankhong รุ่งเรือง=rungrueang วงศ์สวัสดิ์=wongsawat ศรีสุข=srisuk สุวรรณ=suwan อินทรา=inthra",
        shown: Shown::GivenFirst,
    },
    Naming {
        given: "ანა=ana დალი=dali ეკა=eka თამარი=tamari ლალი=lali მანანა=manana ნინო=nino ქეთევანი=ketevani გიორგი=giorgi დავით=davit \
                ვახტანგ=vakhtang ზურაბ=zurab ირაკლი=irakli ლევანი=levani შოთა=shota ჯაბა=jaba",
        family: "აბაშიძე=abashidze ბერიძე=beridze გელაშვილი=gelashvili დოლიძე=dolidze ვაშაძე=vashadze თოდუა=todua კაპანაძე=kapanadze \
                 ლომიძე=lomidze მაისურაძე=maisuradze ნოზაძე=nozadze ჟვანია=zhvania რუსთველი=rustveli სულაკაური=sulakauri \
                 ფიროსმანი=pirosmani ქავთარაძე=kavtaradze ჯაფარიძე=japaridze",
        shown: Shown::GivenFirst,
    },
    Naming {
        given: "Անահիտ=anahit Արփինե=arpine Գոհար=gohar Լուսինե=lusine Հասմիկ=hasmik Մարիամ=mariam Նարինե=narine Սիրանուշ=siranush \
                Արամ=aram Գևորգ=gevorg Հայկ=hayk Մհեր=mher Նարեկ=narek Սարգիս=sargis Տիգրան=tigran Վարդան=vardan",
        family: "Ադամյան=adamyan Բաղդասարյան=baghdasaryan Գրիգորյան=grigoryan Դավթյան=davtyan Եղիազարյան=yeghiazaryan \
                 Թումանյան=tumanyan Խաչատրյան=khachatryan Հակոբյան=hakobyan Մանուկյան=manukyan Նազարյան=nazaryan \
                 Պետրոսյան=petrosyan Սահակյան=sahakyan Սարոյան=saroyan Տերյան=teryan Փարաջանով=parajanov Օհանյան=ohanyan",
        shown: Shown::GivenFirst,
    },
    Naming {
        given: "አልማዝ=almaz ብርቱካን=birtukan እመቤት=emebet ገነት=genet ሂወት=hiwot ሰላም=selam ትዕግስት=tigist ዘውድነሽ=zewdinesh አበበ=abebe ዳዊት=dawit \
                ኃይሌ=haile ቀነኒሳ=kenenisa መኮንን=mekonnen ሰለሞን=selomon ተስፋዬ=tesfaye ዮሐንስ=yohannes",
        family: "አሰፋ=assefa በቀለ=bekele ደምሴ=demissie ፍቃዱ=fikadu ገብረ=gebre ካሳ=kassa ለማ=lemma መንግሥቱ=mengistu ነጋሽ=negash ሮባ=roba ስዩም=seyoum \
                 ታደሰ=tadesse ወልደ=wolde ይልማ=yilma ዘለቀ=zeleke ወርቁ=worku",
        shown: Shown::GivenFirst,
    },
    Naming {
        given: "Adaeze Chidinma Folasade Ìyábọ̀ Ngozi Nkechi Ọlábísí Yétúndé Babátúndé Chukwuemeka Ebuka Ikenna Kọ́lá Ṣẹ́gun \
                Táíwò Uchenna",
        family: "Achebe Adébáyọ̀ Adichie Akíntọ́lá Balógun Chukwu Ekwensi Fágbèmí Nwosu Obi Ògúndípẹ̀ Okafor Okonkwo Ṣóyínká \
                 Túndé Uzoma",
        shown: Shown::GivenFirst,
    },
    Naming {
        given: "Amani Bahati Furaha Imara Makena Neema Wangari Zawadi Baraka Jabari Kamau Kwame Mwangi Otieno Sekou Zuberi",
        family: "Achieng Chebet Githongo Kariuki Kenyatta Kipchoge Maathai Mbeki Mutua Ndlovu Ng'ang'a Njoroge Nyong'o Odhiambo \
                 Wambui Wanjiru",
        shown: Shown::SecondGiven,
    },
    Naming {
        given: "Citlali Ixchel Malinalli Nayeli Quetzalli Tonantzin Xochitl Yaretzi Atl Cuauhtémoc Itzcóatl Moctezuma \
                Nezahualcóyotl Tenoch Tlāloc Xicoténcatl",
        family: "Ahuatzin Chimalpopoca Coatl Cuaquentzin Huerta_Tecuapa Ixtlilxóchitl Mecatl Nahuatzen Ocelotl Popoca Quauhtli \
                 Tecuanhuey Tepoztécatl Tlaxcalteca Xolalpa Zempoalteca",
        shown: Shown::GivenFirst,
    },
    Naming {
        given: "Aroha Hinewai Kahurangi Mārama Ngaire Tūī Waimārie Whetū Hōne Kauri Manaia Nīkau Rangi Tāne Tamahere Wiremu",
        family: "Hēnare Kāwharu Mākereti Ngata Ōrākei Parata Pōmare Rātana Tamihana Te_Ataarangi Te_Heuheu Te_Puea Tūhoe \
                 Waititi Whaanga Winiata",
        shown: Shown::SecondGiven,
    },
    Naming {
        given: "Ayu Dewi Indah Kartika Melati Ratna Sri_Wahyuni Wulan Agus Bambang Budi Eko Gunawan Joko Slamet Wayan",
        family: "Adiputra Budiman Cahyono Darmawan Firmansyah Halim Kusuma Lestari Nugroho Pramoedya Rahardjo Santoso Setiawan \
                 Suharyanto Wibowo Yudhoyono",
        shown: Shown::GivenFirst,
    },
];
