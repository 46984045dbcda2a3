#!/bin/sh
# Makes the secrets that replicas.yaml asks for, once; what is there already stays. Run it where they are to be:
#
#   sh deploy/compose/secrets.sh
#
# The folder is closed to everybody else. The files in it are not, because the users within the containers, who are none
# of this machine, have to read them.
set -eu
cd "$(dirname "$0")"
mkdir -p secrets
chmod 700 secrets
if [ -e secrets/postgres_password ]; then
    echo "secrets/ is complete"
    exit 0
fi
random() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }
umask 022
postgres=$(random)
redis=$(random)
printf %s "postgresql://statuswire:$postgres@postgres:5432/statuswire" >secrets/database_url
printf %s "redis://:$redis@redis:6379/0" >secrets/redis_url
printf 'requirepass %s\n' "$redis" >secrets/redis_conf
printf %s "$postgres" >secrets/postgres_password
echo "made secrets/"
