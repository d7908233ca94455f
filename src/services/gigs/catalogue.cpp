#include "services/gigs/catalogue.hpp"

#include <algorithm>

#include "platform/search/words.hpp"

namespace oficio::gigs {
namespace {

const category* find(std::string_view id) {
  auto found = std::ranges::find(catalogue(), id, &category::id);
  return found == catalogue().end() ? nullptr : &*found;
}

}  // namespace

const std::vector<category>& catalogue() {
  static const std::vector<category> all = {
      {"design",
       {"Graphics & Design", "Diseño gráfico"},
       {{"logo-design", {"Logo Design", "Diseño de logotipos"}},
        {"brand-identity", {"Brand Identity", "Identidad de marca"}},
        {"illustration", {"Illustration", "Ilustración"}},
        {"packaging", {"Packaging & Labels", "Envases y etiquetas"}},
        {"presentation-design", {"Presentation Design", "Diseño de presentaciones"}}}},
      {"programming",
       {"Programming & Tech", "Programación y tecnología"},
       {{"web-development", {"Web Development", "Desarrollo web"}},
        {"mobile-apps", {"Mobile Apps", "Aplicaciones móviles"}},
        {"backend-apis", {"Backend & APIs", "Servidores y API"}},
        {"databases", {"Databases", "Bases de datos"}},
        {"testing", {"Testing & QA", "Pruebas y calidad"}}}},
      {"writing",
       {"Writing & Translation", "Redacción y traducción"},
       {{"articles", {"Articles & Blog Posts", "Artículos y blogs"}},
        {"translation", {"Translation", "Traducción"}},
        {"proofreading", {"Proofreading & Editing", "Corrección y edición"}},
        {"copywriting", {"Copywriting", "Textos publicitarios"}},
        {"technical-writing", {"Technical Writing", "Redacción técnica"}}}},
      {"video",
       {"Video & Animation", "Vídeo y animación"},
       {{"video-editing", {"Video Editing", "Edición de vídeo"}},
        {"explainer-videos", {"Explainer Videos", "Vídeos explicativos"}},
        {"motion-graphics", {"Motion Graphics", "Animación gráfica"}},
        {"subtitles", {"Subtitles & Captions", "Subtítulos"}},
        {"3d-animation", {"3D Animation", "Animación 3D"}}}},
      {"music",
       {"Music & Audio", "Música y audio"},
       {{"voice-over", {"Voice Over", "Locución"}},
        {"mixing-mastering", {"Mixing & Mastering", "Mezcla y masterización"}},
        {"composition", {"Composition", "Composición"}},
        {"podcast-editing", {"Podcast Editing", "Edición de pódcast"}},
        {"jingles", {"Jingles & Intros", "Sintonías y cabeceras"}}}},
      {"marketing",
       {"Digital Marketing", "Marketing digital"},
       {{"seo", {"Search Engine Optimisation", "Posicionamiento en buscadores"}},
        {"social-media", {"Social Media", "Redes sociales"}},
        {"email-marketing", {"Email Marketing", "Marketing por correo"}},
        {"advertising", {"Online Advertising", "Publicidad en línea"}},
        {"market-research", {"Market Research", "Estudios de mercado"}}}},
      {"business",
       {"Business", "Negocios"},
       {{"virtual-assistant", {"Virtual Assistant", "Asistente virtual"}},
        {"business-plans", {"Business Plans", "Planes de negocio"}},
        {"accounting", {"Accounting & Taxes", "Contabilidad e impuestos"}},
        {"legal", {"Legal Documents", "Documentos legales"}},
        {"customer-support", {"Customer Support", "Atención al cliente"}}}},
      {"photography",
       {"Photography", "Fotografía"},
       {{"product-photography", {"Product Photography", "Fotografía de producto"}},
        {"photo-editing", {"Photo Editing", "Retoque fotográfico"}},
        {"portraits", {"Portraits", "Retratos"}},
        {"events", {"Event Photography", "Fotografía de eventos"}},
        {"food-photography", {"Food Photography", "Fotografía gastronómica"}}}},
      {"data",
       {"Data & AI", "Datos e inteligencia artificial"},
       {{"data-analysis", {"Data Analysis", "Análisis de datos"}},
        {"dashboards", {"Dashboards & Reports", "Cuadros de mando e informes"}},
        {"machine-learning", {"Machine Learning", "Aprendizaje automático"}},
        {"spreadsheets", {"Spreadsheets & Automation", "Hojas de cálculo y automatización"}},
        {"data-entry", {"Data Entry", "Introducción de datos"}}}}};
  return all;
}

std::vector<std::string> names_of(std::string_view category, std::string_view subcategory) {
  auto* in = find(category);
  if (!in) return {};
  auto at = std::ranges::find(in->subcategories, subcategory, &gigs::subcategory::id);
  if (at == in->subcategories.end()) return {};
  return {at->name.en, at->name.es};
}

std::vector<place> find_places(std::string_view typed, std::size_t limit) {
  search::typing wanted(typed);
  std::vector<place> out;
  for (const auto& c : catalogue()) {
    for (const auto& s : c.subcategories) {
      if (out.size() == limit) return out;
      if (wanted.stands_in(s.name.en)) {
        out.push_back({c.id, s.id, s.name.en});
      } else if (wanted.stands_in(s.name.es)) {
        out.push_back({c.id, s.id, s.name.es});
      }
    }
  }
  return out;
}

std::vector<std::string> category_ids() {
  std::vector<std::string> out;
  for (const auto& c : catalogue()) out.push_back(c.id);
  return out;
}

bool is_category(std::string_view id) {
  return find(id) != nullptr;
}

bool is_subcategory(std::string_view category, std::string_view id) {
  auto* in = find(category);
  return in &&
         std::ranges::find(in->subcategories, id, &subcategory::id) != in->subcategories.end();
}

}  // namespace oficio::gigs
