#include "services/notifications/account_letters.hpp"

namespace oficio::notifications {
namespace {

struct words {
  const char* code_subject;
  const char* code_before;
  const char* code_after;
  const char* reset_subject;
  const char* reset_body;
  const char* reset_action;
  const char* changed_subject;
  const char* changed_body;
  const char* changed_action;
};

const words& words_of(const std::string& locale) {
  static const words en{
      "Your sign-in code",
      "Somebody, hopefully you, is signing in to your account from a new device. The code is ",
      ". It is good for 10 minutes. If it was not you, change your password.",
      "Set a new password",
      "You asked for a new password. The link is good for one hour and can be used once. If you "
      "did not ask for it, ignore this mail: nothing has changed.",
      "Set a new password",
      "Your password was changed",
      "The password of your account was changed, and other sessions have ended. If it was not you, "
      "set a new one at once.",
      "It was not me"};
  static const words es{
      "Tu código para entrar",
      "Alguien, esperamos que tú, está entrando en tu cuenta desde un dispositivo nuevo. El código "
      "es ",
      ". Vale durante 10 minutos. Si no has sido tú, cambia tu contraseña.",
      "Elige una contraseña nueva",
      "Has pedido una contraseña nueva. El enlace vale durante una hora y una sola vez. Si no la "
      "has pedido, no hagas caso de este correo: nada ha cambiado.",
      "Elegir una contraseña",
      "Tu contraseña ha cambiado",
      "La contraseña de tu cuenta ha cambiado y las demás sesiones se han cerrado. Si no has sido "
      "tú, elige otra cuanto antes.",
      "No he sido yo"};
  return locale.starts_with("es") ? es : en;
}

std::string text_at(const json::object& from, const char* name) {
  auto* found = from.if_contains(name);
  auto* text = found ? found->if_string() : nullptr;
  return text ? std::string(text->data(), text->size()) : std::string();
}

letter begin(const json::object& data) {
  letter l;
  l.locale = text_at(data, "locale");
  l.to = text_at(data, "email");
  l.username = text_at(data, "username");
  return l;
}

}  // namespace

letter sign_in_code_letter(const json::object& data, const std::string& code) {
  auto l = begin(data);
  const auto& say = words_of(l.locale);
  l.subject = say.code_subject;
  l.body = say.code_before + code + say.code_after;
  return l;
}

letter reset_letter(const json::object& data, const std::string& token,
                    const std::string& public_url) {
  auto l = begin(data);
  const auto& say = words_of(l.locale);
  l.subject = say.reset_subject;
  l.body = say.reset_body;
  l.action = say.reset_action;
  l.url = public_url + "/reset?token=" + token;
  return l;
}

letter password_changed_letter(const json::object& data, const std::string& public_url) {
  auto l = begin(data);
  const auto& say = words_of(l.locale);
  l.subject = say.changed_subject;
  l.body = say.changed_body;
  l.action = say.changed_action;
  l.url = public_url + "/forgot";
  return l;
}

}  // namespace oficio::notifications
