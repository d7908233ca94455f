#pragma once

#include <string>

#include <ctemplate/template.h>

// The files of templates/, compiled into the program (cmake/embed.cmake).
namespace oficio::notifications::templates {

enum class page { html_mail, text_mail, outbox };

// Fills the page in; the HTML ones escape every value by where it stands.
std::string expand(page which, const ctemplate::TemplateDictionary& values);

}  // namespace oficio::notifications::templates
