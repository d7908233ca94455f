"""Holds deploy/compose.yaml against the program and the house's rules, without containers:
compose.py PATH-TO-OFICIO. Where docker compose is installed, it reads the file as well."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import yaml

DEPLOY = pathlib.Path(__file__).resolve().parents[2] / "deploy"
SETUP = {"telemetry-setup": ["setup", "elasticsearch"]}  # the program, once
SERVICES = ["auth", "chat", "gateway", "gigs", "notifications", "orders", "reviews", "users"]
# Published beside the market itself, and only on this machine.
PAGES = {"gateway": "127.0.0.1:4000:4000", "kibana": "127.0.0.1:5601:5601", "mailpit": "127.0.0.1:8025:8025",
         "rabbitmq": "127.0.0.1:15672:15672"}
faults = []


def check(condition, fault):
    if not condition:
        faults.append(fault)


def with_real_secrets(environment, secrets):
    """The environment of a container, its secret files being those of this machine."""
    return {name: str(value).replace("/run/secrets/", f"{secrets}/") for name, value in environment.items()}


def check_settings(binary, name, service, secrets):
    """The program knows every setting of this service, and accepts its value."""
    environment = with_real_secrets(service["environment"], secrets)
    unknown = [k for k in environment if not k.startswith("OFICIO_") and k != "HEALTH_URL"]
    check(not unknown, f"{name}: {unknown} is nobody's setting")
    done = subprocess.run([binary, "config"], env=environment, capture_output=True, text=True, timeout=30)
    check(done.returncode == 0, f"{name}: the program refuses its settings: {done.stderr.strip()}")
    shown = done.stdout
    for file in secrets.iterdir():
        check(file.read_text() not in shown, f"{name}: oficio config shows the secret {file.name}")


def check_hardening(name, service):
    check(service.get("read_only") is True, f"{name}: its root must be read-only")
    check(service.get("cap_drop") == ["ALL"], f"{name}: it must drop all capabilities")
    check("no-new-privileges:true" in service.get("security_opt", []), f"{name}: it must not gain privileges")
    check(service["command"][:2] == SETUP.get(name, ["serve", name]), f"{name}: its command is {service['command']}")
    check("privileged" not in service and "network_mode" not in service, f"{name}: it must stay in its network")


def check_every_container(all_services, secrets_declared):
    used = set()
    for name, service in all_services.items():
        limits = service.get("deploy", {}).get("resources", {}).get("limits", {})
        check({"cpus", "memory"} <= set(limits), f"{name}: it has no limits")
        image = service["image"]
        check(image == "oficio:local" or re.fullmatch(r"[a-z/]+:v?\d+\.\d+(\.\d+)?(-[a-z]+)?", image),
              f"{name}: {image} is not pinned to a version")
        if not name.endswith("-setup") and image != "oficio:local":  # those have the image's own check
            check("healthcheck" in service, f"{name}: nobody sees whether it is well")
        ports = service.get("ports", [])
        check(ports == ([PAGES[name]] if name in PAGES else []), f"{name}: it publishes {ports}")
        secrets = set(service.get("secrets", []))
        used |= secrets
        named = set(re.findall(r"/run/secrets/(\w+)", yaml.safe_dump(service)))
        if not name.endswith("-setup"):
            check(named <= secrets, f"{name}: it names the secrets {named - secrets} without having them")
        for depended, how in service.get("depends_on", {}).items():
            check(depended in all_services, f"{name}: it waits for {depended}, which does not exist")
            check(how["condition"] != "service_started", f"{name}: it does not wait until {depended} is well")
        check(not re.search(r"(?i)(password|secret|key)\w*: *['\"]?\w{8,}['\"]?$", yaml.safe_dump(
            {k: v for k, v in service.get("environment", {}).items() if "FILE" not in k}), re.M),
            f"{name}: a secret stands in its environment")
    check(used == secrets_declared, f"secrets that nobody uses, or nobody declares: {used ^ secrets_declared}")


def check_telemetry(all_services):
    """Nobody writes before the templates are there, and who writes may do nothing else."""
    for name in SERVICES:
        service = all_services[name]
        check("telemetry-setup" in service["depends_on"], f"{name}: it does not wait for the telemetry's templates")
        check(service["environment"].get("OFICIO_TELEMETRY", "").startswith("http://telemetry@elasticsearch:9200?"),
              f"{name}: its telemetry goes nowhere")
        check("elastic_password" not in service["secrets"], f"{name}: it could do everything to Elasticsearch")
    script = (DEPLOY / "compose" / "elasticsearch.sh").read_text()
    for stream in ("logs-oficio.", "logs-apm.error-", "metrics-apm.app.", "metrics-apm.service_destination.", "traces-apm-",
                   "traces-apm.rum-"):
        check(f'"{stream}*"' in script, f"nobody may write {stream}*")


def check_kibana(all_services):
    """Elasticsearch and Kibana are of one version; each starts when the one before is well; dashboards come last."""
    images = {all_services[n]["image"].split(":")[1] for n in ("elasticsearch", "elasticsearch-setup", "kibana",
                                                               "kibana-setup")}
    check(len(images) == 1 and min(images).startswith("8.19."),
          f"Elasticsearch and Kibana are of the versions {images}")
    order = {"elasticsearch-setup": "elasticsearch", "telemetry-setup": "elasticsearch-setup",
             "kibana": "elasticsearch-setup", "kibana-setup": "kibana"}
    for later, before in order.items():
        check(before in all_services[later]["depends_on"], f"{later} does not wait for {before}")
    kibana = all_services["kibana"]
    check(kibana["environment"]["ELASTICSEARCH_USERNAME"] == "kibana_system", "Kibana refuses to be the user elastic")
    check({"kibana_password", "kibana_key"} <= set(kibana["secrets"]), "Kibana lacks its password or its key")
    for mount in all_services["kibana-setup"]["volumes"]:
        check((DEPLOY / mount.split(":")[0]).is_file(), f"kibana-setup: {mount} is not there")


def main(binary):
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    all_services = compose["services"]
    own = sorted(n for n, s in all_services.items() if s["image"] == "oficio:local")
    check(own == sorted([*SERVICES, *SETUP]), f"the program runs as {own}")
    check_telemetry(all_services)
    check_kibana(all_services)
    check_every_container(all_services, set(compose["secrets"]))
    with tempfile.TemporaryDirectory(prefix="oficio-test-") as folder:
        secrets = pathlib.Path(folder)
        for name, secret in compose["secrets"].items():
            check(secret == {"file": f"./secrets/{name}"}, f"the secret {name} is no file of its name")
            (secrets / name).write_text(os.urandom(32).hex())
        for name in own:
            check_settings(binary, name, all_services[name], secrets)
            check_hardening(name, all_services[name])
        if shutil.which("docker") and subprocess.run(["docker", "compose", "version"],
                                                     capture_output=True, check=False).returncode == 0:
            done = subprocess.run(["docker", "compose", "-f", DEPLOY / "compose.yaml", "config", "-q"],
                                  capture_output=True, text=True, timeout=60, check=False)
            check(done.returncode == 0, f"docker compose refuses the file: {done.stderr}")
    for fault in faults:
        print("FAILED:", fault)
    print(f"{len(all_services)} containers looked at")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main(os.path.abspath(sys.argv[1]))
