/*
 * The organiser's certificates of a seminar: the rule, who has earned one, issue, revoke, reissue.
 */
#ifndef WEB_PAGE_CERTIFICATES_H
#define WEB_PAGE_CERTIFICATES_H

struct db;
struct exchange;

void desk_certificates(struct exchange *x);
int desk_certificates_rule_act(struct exchange *x, struct db *db);
void desk_certificates_rule(struct exchange *x);
int desk_certificates_issue_act(struct exchange *x, struct db *db);
void desk_certificates_issue(struct exchange *x);
int desk_certificate_revoke_act(struct exchange *x, struct db *db);
void desk_certificate_revoke(struct exchange *x);
int desk_certificate_reissue_act(struct exchange *x, struct db *db);
void desk_certificate_reissue(struct exchange *x);
void desk_certificate_pdf(struct exchange *x);

#endif
