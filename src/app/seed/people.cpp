#include "app/seed/texts.hpp"

namespace oficio::app {

const std::vector<person>& sample_sellers() {
  static const std::vector<person> all{
      {"ana", "Ana", "es", "ES", "design", "Diseño de marcas con lápiz y paciencia",
       "Diseñadora en Valencia desde hace doce años. Trabajo con comercios pequeños que quieren "
       "parecerse a sí mismos y no a la franquicia de enfrente."},
      {"tomas_web", "Tomás", "es", "MX", "programming",
       "Sitios web que cargan antes de que te aburras",
       "Programo desde Guadalajara. Me gustan las páginas ligeras, los formularios cortos y los "
       "clientes que preguntan por qué."},
      {"clara_words", "Clara", "en", "IE", "writing", "Words that busy people read to the end",
       "Former newspaper editor in Cork. I write for small companies that have something to say "
       "and no time to say it."},
      {"lucia_voz", "Lucía", "es", "AR", "music", "Locutora y productora de pódcast",
       "Quince años de radio en Rosario. Grabo en mi propio estudio y entrego el mismo día si "
       "llegas antes del mediodía."},
      {"ben_builds", "Ben", "en", "GB", "programming", "Software that somebody else can maintain",
       "I spent ten years repairing other people's programs in Leeds, and learnt how not to write "
       "them. Small teams, plain technology, tests."},
      {"sofia_datos", "Sofía", "es", "CO", "programming", "De hojas de cálculo a respuestas",
       "Estadística en Medellín. Si tus totales no cuadran, probablemente ya he visto ese error "
       "antes."},
      {"noor_design", "Noor", "en", "NL", "design", "Interfaces for people in a hurry",
       "I watch people use things and then change the things. Previously at a railway company in "
       "Utrecht, where nobody has time for a manual."},
      {"mateo_video", "Mateo", "es", "CL", "video", "Montaje de vídeo con oído",
       "Editor en Valparaíso. Corto primero el sonido y después la imagen, porque la gente perdona "
       "una mala toma pero no un mal audio."},
      {"grace_edits", "Grace", "en", "US", "writing",
       "Proofreader with a red pencil and a kind word",
       "I have read other people's manuscripts in Portland for twenty years. I find the comma, and "
       "I tell you what was good."},
      {"diego_tienda", "Diego", "es", "PE", "programming",
       "Tiendas en línea que venden mientras duermes",
       "Monto tiendas en Lima para artesanos y cooperativas. Pruebo cada pago con una tarjeta de "
       "verdad antes de abrir."},
      {"marta_foto", "Marta", "es", "ES", "photography", "Fotografía y retoque de producto",
       "Estudio pequeño en Bilbao, mucha luz natural. Me especializo en comida, cerámica y todo lo "
       "que brilla demasiado."},
      {"kofi_music", "Kofi", "en", "GH", "music", "Composer for films, games and quiet moments",
       "I write music in Accra, on an old piano and a new computer. Most of my work is under two "
       "minutes long."},
      {"elena_trad", "Elena", "es", "UY", "writing", "Traductora jurídica y literaria",
       "Traduzco del inglés y del portugués en Montevideo. Un contrato y un poema piden lo mismo: "
       "que no se pierda nada."},
      {"hana_motion", "Hana", "en", "JP", "video", "Sixty seconds that explain one thing well",
       "Animator in Osaka. I draw by hand and move by computer, and I like subjects that seem too "
       "dry for a film."},
      {"pablo_seo", "Pablo", "es", "CR", "marketing", "Que te encuentren quienes te buscan",
       "Consultor en San José. Sin trucos: leo tu web como un buscador y te digo qué arreglar "
       "primero."},
      {"ingrid_books", "Ingrid", "en", "NO", "business", "Books in order, nights in peace",
       "Bookkeeper in Bergen for cafés, studios and one lighthouse. I explain numbers in "
       "sentences."},
      {"rosa_redes", "Rosa", "es", "EC", "marketing", "Redes sociales sin ruido",
       "Llevo las redes de comercios de Quito. Una buena publicación a la semana vale más que "
       "siete "
       "con prisa."},
      {"liam_apps", "Liam", "en", "CA", "programming", "Mobile apps, from sketch to store",
       "I build small apps in Halifax, mostly for people who work outdoors and have no signal."},
      {"ines_ilustra", "Inés", "es", "ES", "design", "Ilustración en tinta y acuarela",
       "Ilustro desde Granada cartas de restaurante, cubiertas y algún mural. El original siempre "
       "se puede comprar."},
      {"owen_advice", "Owen", "en", "NZ", "business", "Plain advice for small companies",
       "Twenty years of running a workshop in Nelson taught me which plans survive a Monday "
       "morning. I help with the rest."},
  };
  return all;
}

const std::vector<person>& sample_buyers() {
  static const std::vector<person> all{
      {"bruno", "Bruno", "es", "ES", "", "", ""},
      {"emma_cafe", "Emma", "en", "GB", "", "", ""},
      {"julian_taller", "Julián", "es", "MX", "", "", ""},
      {"amara_books", "Amara", "en", "US", "", "", ""},
      {"vera_museo", "Vera", "es", "AR", "", "", ""},
  };
  return all;
}

const phrases& phrases_of(std::string_view locale) {
  static const phrases en{
      {"your bakery", "your bookshop", "your dental practice", "your law firm", "your bike shop",
       "your café", "your music school", "your farm", "your museum", "your podcast",
       "your start-up", "your yoga studio", "your charity", "your garden shop", "your hostel",
       "your brewery"},
      {"How I work: you get a first version after half of the time, so that we can still turn. I "
       "write in whole sentences and answer on working days within a few hours.",
       "How I work: one question at a time and one decision a day. You always see where we stand, "
       "and I say early when something takes longer.",
       "How I work: I begin by listening. If I think that you do not need what you ask for, I tell "
       "you before you order, and we both save time."},
      {"Write to me before you order if anything is unclear; questions cost nothing.",
       "Not sure which package fits? Tell me your date and your budget, and I choose with you.",
       "I take few orders at a time, so that each gets a fresh mind."},
      {"The essentials", "The usual choice", "Everything included"},
      "What you get:",
      "Can it be faster?",
      "Often, yes. Ask before you order, and I look at my calendar.",
      {"Hello! Could you do this for us before the end of the month?",
       "Hi, your samples look like what we are after. Is the middle package enough for us?",
       "Good morning. We have about half of the material; is that a good time to begin?"},
      {"Hello, yes, that fits well. Send me what you have and I look at it today.",
       "Hi, thank you. I would begin with the smaller package; you can always add to it.",
       "Good morning! Half is fine: the rest often becomes clear on the way."},
      {"We are a team of four and open since 2016. Please keep it simple; the examples that we "
       "like "
       "are in our last message. We need it in both languages later.",
       "Attached in words: our colours are green and cream, our customers are between 30 and 60, "
       "and the deadline is real but not cruel."},
      {"Here it is. I kept to what we agreed and added one small variant; tell me which you "
       "prefer.",
       "All files are ready. Please look at the second page first: that is where I had to decide "
       "something for you."},
      {"Exactly what we asked for, a day early. Clear questions, no surprises.",
       "Careful work and patient with our changes. We will come back.",
       "Good result. One round of changes more than planned, but always friendly."},
      {"A pleasure: clear wishes, quick answers. Welcome any time.",
       "Knew what they wanted and said so kindly. Thank you!"}};
  static const phrases es{
      {"tu panadería", "tu librería", "tu clínica dental", "tu despacho", "tu taller de bicis",
       "tu cafetería", "tu escuela de música", "tu granja", "tu museo", "tu pódcast", "tu empresa",
       "tu estudio de yoga", "tu asociación", "tu vivero", "tu hostal", "tu cervecería"},
      {"Cómo trabajo: a mitad del plazo tienes una primera versión, para que aún podamos cambiar "
       "de "
       "rumbo. Escribo con frases completas y respondo en pocas horas los días laborables.",
       "Cómo trabajo: una pregunta cada vez y una decisión al día. Siempre ves dónde estamos, y "
       "aviso pronto si algo va a tardar más.",
       "Cómo trabajo: empiezo por escuchar. Si creo que no necesitas lo que pides, te lo digo "
       "antes "
       "del pedido y los dos ahorramos tiempo."},
      {"Escríbeme antes de encargar si algo no está claro; preguntar no cuesta nada.",
       "¿Dudas entre paquetes? Dime tu fecha y tu presupuesto y elegimos juntos.",
       "Acepto pocos encargos a la vez, para dedicar a cada uno la cabeza despejada."},
      {"Lo esencial", "Lo habitual", "Todo incluido"},
      "Qué recibes:",
      "¿Puede ser más rápido?",
      "A menudo, sí. Pregunta antes de encargar y miro mi calendario.",
      {"¡Hola! ¿Podrías tenerlo antes de fin de mes?",
       "Buenas, tus muestras son lo que buscamos. ¿Nos basta con el paquete intermedio?",
       "Buenos días. Tenemos la mitad del material, ¿es buen momento para empezar?"},
      {"Hola, sí, encaja bien. Envíame lo que tengas y lo miro hoy.",
       "Gracias por escribir. Yo empezaría por el paquete pequeño; siempre se puede ampliar.",
       "¡Buenos días! Con la mitad basta: lo demás suele aclararse por el camino."},
      {"Somos cuatro personas y abrimos en 2016. Que sea sencillo, por favor; los ejemplos que nos "
       "gustan están en el último mensaje. Más adelante lo querremos en dos idiomas.",
       "Resumido: nuestros colores son verde y crema, la clientela tiene entre 30 y 60 años y el "
       "plazo es serio pero no cruel."},
      {"Aquí está. Seguí lo acordado y añadí una pequeña variante; dime cuál prefieres.",
       "Todos los archivos están listos. Mira primero la segunda página: ahí tuve que decidir algo "
       "por ti."},
      {"Justo lo que pedimos y un día antes. Preguntas claras y ninguna sorpresa.",
       "Trabajo cuidadoso y mucha paciencia con nuestros cambios. Volveremos.",
       "Buen resultado. Una ronda de cambios más de lo previsto, pero siempre amable."},
      {"Un placer: deseos claros y respuestas rápidas. Cuando quieras.",
       "Sabía lo que quería y lo dijo con amabilidad. ¡Gracias!"}};
  return locale == "es" ? es : en;
}

}  // namespace oficio::app
