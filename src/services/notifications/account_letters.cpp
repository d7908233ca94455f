#include "services/notifications/account_letters.hpp"

namespace oficio::notifications {
namespace {

letter begin(const account_news& news, both subject) {
  return {.locale = news.locale,
          .to = news.email,
          .username = news.username,
          .subject = subject.in(news.locale),
          .paragraphs = {}};
}

void say(letter& to, both words) {
  to.paragraphs.push_back(words.in(to.locale));
}

void say_until(letter& to, const account_news& news) {
  if (!news.not_after) return;
  to.details.push_back(
      {both{"Good until", "Vale hasta"}.in(to.locale), shown_time(*news.not_after, to.locale)});
}

void lead(letter& to, both action, std::string url) {
  to.action = action.in(to.locale);
  to.url = std::move(url);
}

}  // namespace

letter verification_letter(const account_news& news, const std::string& token,
                           const std::string& public_url) {
  auto l = begin(news, {"Confirm your e-mail address", "Confirma tu dirección de correo"});
  say(l, {"Welcome to Oficio. Please confirm that this address is yours: only then can you order, "
          "sell and hear from others by mail.",
          "Te damos la bienvenida a Oficio. Confirma que esta dirección es tuya: solo así podrás "
          "pedir, vender y recibir noticias por correo."});
  lead(l, {"Confirm address", "Confirmar dirección"}, public_url + "/verify?token=" + token);
  say_until(l, news);
  l.note =
      both{
          "If you did not sign up at Oficio, ignore this mail: without your confirmation the "
          "address is of no use to anybody.",
          "Si no te has registrado en Oficio, no hagas caso de este correo: sin tu "
          "confirmación la dirección no le sirve a nadie."}
          .in(l.locale);
  return l;
}

letter sign_in_code_letter(const account_news& news, const std::string& code,
                           const std::string& public_url) {
  auto l = begin(news, {"Your sign-in code", "Tu código para entrar"});
  say(l, {"Somebody, hopefully you, is signing in to your account from a new device. This is the "
          "code for going on:",
          "Alguien, esperamos que tú, está entrando en tu cuenta desde un dispositivo nuevo. Este "
          "es el código para seguir:"});
  l.code = code;
  if (!news.device.empty()) {
    l.details.push_back({both{"Device", "Dispositivo"}.in(l.locale), news.device});
  }
  say_until(l, news);
  l.note =
      both{
          "Never tell the code to anybody; nobody from Oficio will ask for it. If this was "
          "not you, somebody knows your password: change it at ",
          "No le digas el código a nadie; nadie de Oficio te lo pedirá. Si no has sido tú, "
          "alguien sabe tu contraseña: cámbiala en "}
          .in(l.locale) +
      public_url + "/forgot";
  return l;
}

letter reset_letter(const account_news& news, const std::string& token,
                    const std::string& public_url) {
  auto l = begin(news, {"Set a new password", "Elige una contraseña nueva"});
  say(l, {"You asked for a new password. The link can be used once.",
          "Has pedido una contraseña nueva. El enlace sirve una sola vez."});
  lead(l, {"Set a new password", "Elegir una contraseña"}, public_url + "/reset?token=" + token);
  say_until(l, news);
  l.note = both{"If you did not ask for it, ignore this mail: nothing has changed.",
                "Si no la has pedido, no hagas caso de este correo: nada ha cambiado."}
               .in(l.locale);
  return l;
}

letter password_changed_letter(const account_news& news, const std::string& public_url) {
  auto l = begin(news, {"Your password was changed", "Tu contraseña ha cambiado"});
  say(l, {"The password of your account was changed, and other sessions have ended. If it was you, "
          "there is nothing to do.",
          "La contraseña de tu cuenta ha cambiado y las demás sesiones se han cerrado. Si has sido "
          "tú, no tienes que hacer nada."});
  say(l,
      {"If it was not you, set a new one at once.", "Si no has sido tú, elige otra cuanto antes."});
  if (news.changed_at) {
    l.details.push_back(
        {both{"Changed", "Cambiada"}.in(l.locale), shown_time(*news.changed_at, l.locale)});
  }
  lead(l, {"It was not me", "No he sido yo"}, public_url + "/forgot");
  return l;
}

}  // namespace oficio::notifications
