//! The tables as Diesel sees them, the same for both databases; `tests/database.rs` compares the migrations behind them.

diesel::table! {
    installation (name) {
        name -> Text,
        value -> Text,
    }
}

diesel::table! {
    organizations (id) {
        id -> Text,
        code -> Text,
        name -> Text,
        access_epoch -> BigInt,
        audit_sequence -> BigInt,
        audit_head -> Text,
        users_invited -> BigInt,
        users_active -> BigInt,
        users_deactivated -> BigInt,
        created_at -> Timestamp,
    }
}

diesel::table! {
    organization_settings (organization_id) {
        organization_id -> Text,
        invitation_days -> Integer,
        session_idle_minutes -> Integer,
        session_overall_minutes -> Integer,
        invitation_domains -> Text,
        second_factor_required -> Bool,
        second_factor_from -> Nullable<Timestamp>,
    }
}

diesel::table! {
    users (id) {
        number -> BigInt,
        id -> Text,
        organization_id -> Text,
        email -> Text,
        email_key -> Text,
        name -> Text,
        given_name -> Text,
        family_name -> Text,
        person_key -> Text,
        search_text -> Text,
        status -> Text,
        source -> Text,
        second_factor -> Text,
        session_epoch -> BigInt,
        theme -> Text,
        time_zone -> Text,
        version -> BigInt,
        created_at -> Timestamp,
        joined_at -> Nullable<Timestamp>,
        last_active_at -> Timestamp,
        deactivated_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    password_credentials (user_id) {
        user_id -> Text,
        organization_id -> Text,
        hash -> Text,
        disabled -> Bool,
        changed_at -> Timestamp,
    }
}

diesel::table! {
    invitations (id) {
        id -> Text,
        organization_id -> Text,
        user_id -> Nullable<Text>,
        inviter_id -> Nullable<Text>,
        email -> Text,
        state -> Text,
        generation -> BigInt,
        message -> Text,
        revoked_groups -> Text,
        fresh_link_asked_at -> Nullable<Timestamp>,
        created_at -> Timestamp,
        sent_at -> Timestamp,
        expires_at -> Timestamp,
        ended_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    groups (id) {
        id -> Text,
        organization_id -> Text,
        name -> Text,
        name_key -> Text,
        description -> Text,
        standard -> Bool,
        members -> BigInt,
        created_at -> Timestamp,
    }
}

diesel::table! {
    memberships (group_id, user_id) {
        group_id -> Text,
        user_id -> Text,
        organization_id -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    policies (id) {
        id -> Text,
        organization_id -> Text,
        name -> Text,
        name_key -> Text,
        description -> Text,
        standard -> Bool,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    rules (id) {
        id -> Text,
        organization_id -> Text,
        policy_id -> Text,
        position -> Integer,
    }
}

diesel::table! {
    rule_users (rule_id, user_id) {
        rule_id -> Text,
        user_id -> Text,
        organization_id -> Text,
    }
}

diesel::table! {
    rule_groups (rule_id, group_id) {
        rule_id -> Text,
        group_id -> Text,
        organization_id -> Text,
    }
}

diesel::table! {
    rule_roles (rule_id, role) {
        rule_id -> Text,
        role -> Text,
        organization_id -> Text,
    }
}

diesel::table! {
    sessions (id) {
        id -> Text,
        key_hash -> Text,
        organization_id -> Nullable<Text>,
        user_id -> Nullable<Text>,
        session_epoch -> BigInt,
        stage -> Text,
        proofs -> Text,
        state -> Text,
        agent -> Text,
        address -> Text,
        created_at -> Timestamp,
        last_seen_at -> Timestamp,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    setup_links (id) {
        id -> Text,
        purpose -> Text,
        email -> Text,
        state -> Text,
        created_at -> Timestamp,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    throttles (name) {
        name -> Text,
        failures -> Integer,
        last_failure_at -> Timestamp,
        wait_until -> Timestamp,
    }
}

diesel::table! {
    jobs (id) {
        id -> Text,
        organization_id -> Nullable<Text>,
        queue -> Text,
        kind -> Text,
        parameters -> Text,
        about -> Nullable<Text>,
        singleton -> Nullable<Text>,
        state -> Text,
        attempts -> Integer,
        run_at -> Timestamp,
        lease -> Nullable<Text>,
        lease_until -> Nullable<Timestamp>,
        problem -> Text,
        created_by -> Nullable<Text>,
        created_at -> Timestamp,
        ended_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    job_items (job_id, position) {
        job_id -> Text,
        position -> Integer,
        organization_id -> Text,
        target_id -> Text,
        label -> Text,
        state -> Text,
        words -> Text,
    }
}

diesel::table! {
    audit_lines (organization_id, sequence) {
        organization_id -> Text,
        sequence -> BigInt,
        format -> Integer,
        at -> Timestamp,
        actor_kind -> Text,
        actor_id -> Text,
        action -> Text,
        target_kind -> Text,
        target_id -> Text,
        request_id -> Text,
        commitment -> Text,
        mac -> Text,
    }
}

diesel::table! {
    audit_details (number) {
        number -> BigInt,
        organization_id -> Text,
        sequence -> BigInt,
        salt -> Text,
        details -> Text,
        address -> Text,
        search_text -> Nullable<Text>,
    }
}

diesel::table! {
    audit_streams (organization_id) {
        organization_id -> Text,
        url -> Text,
        secret -> Text,
        enabled -> Bool,
        sequence -> BigInt,
        problem -> Text,
        created_at -> Timestamp,
        tried_at -> Nullable<Timestamp>,
        delivered_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    totp_credentials (user_id) {
        user_id -> Text,
        organization_id -> Text,
        secret -> Text,
        last_step -> BigInt,
        tried_step -> BigInt,
        tries -> Integer,
        created_at -> Timestamp,
    }
}

diesel::table! {
    recovery_codes (user_id, hash) {
        user_id -> Text,
        hash -> Text,
        organization_id -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    identities (id) {
        id -> Text,
        organization_id -> Text,
        user_id -> Text,
        provider -> Text,
        issuer -> Text,
        subject -> Text,
        email -> Text,
        created_at -> Timestamp,
        last_used_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    social_attempts (state_hash) {
        state_hash -> Text,
        holder_hash -> Text,
        sealed -> Text,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    passkeys (id) {
        id -> Text,
        organization_id -> Text,
        user_id -> Text,
        credential_id -> Text,
        credential -> Text,
        name -> Text,
        created_at -> Timestamp,
        last_used_at -> Nullable<Timestamp>,
        last_ceremony -> Text,
    }
}

diesel::table! {
    password_resets (id) {
        id -> Text,
        organization_id -> Text,
        user_id -> Text,
        why -> Text,
        state -> Text,
        created_at -> Timestamp,
        expires_at -> Timestamp,
        lifts_factor -> Bool,
    }
}

diesel::table! {
    email_changes (id) {
        id -> Text,
        organization_id -> Text,
        user_id -> Text,
        from_email -> Text,
        to_email -> Text,
        state -> Text,
        created_at -> Timestamp,
        expires_at -> Timestamp,
        confirmed_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    browsers (user_id, key_hash) {
        user_id -> Text,
        key_hash -> Text,
        organization_id -> Text,
        first_seen_at -> Timestamp,
        last_seen_at -> Timestamp,
    }
}

diesel::table! {
    browser_links (id) {
        id -> Text,
        organization_id -> Text,
        user_id -> Text,
        state -> Text,
        created_at -> Timestamp,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    access_tokens (id) {
        id -> Text,
        organization_id -> Text,
        user_id -> Text,
        parent_id -> Nullable<Text>,
        secret_hash -> Text,
        name -> Text,
        comment -> Text,
        narrowed -> Bool,
        created_at -> Timestamp,
        expires_at -> Nullable<Timestamp>,
        last_used_at -> Nullable<Timestamp>,
        revoked_at -> Nullable<Timestamp>,
        warned_days -> Nullable<Integer>,
    }
}

diesel::table! {
    token_roles (token_id, role) {
        token_id -> Text,
        role -> Text,
        organization_id -> Text,
    }
}

diesel::table! {
    access_requests (id) {
        id -> Text,
        organization_id -> Text,
        user_id -> Text,
        role -> Text,
        reason -> Text,
        minutes -> Integer,
        state -> Text,
        created_at -> Timestamp,
        expires_at -> Timestamp,
        decided_at -> Nullable<Timestamp>,
        decided_by -> Nullable<Text>,
        decision_note -> Text,
        ends_at -> Nullable<Timestamp>,
        ended_at -> Nullable<Timestamp>,
        ended_by -> Nullable<Text>,
    }
}

diesel::table! {
    saml_replays (organization_id, key_hash) {
        organization_id -> Text,
        key_hash -> Text,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    idempotency_keys (user_id, key) {
        user_id -> Text,
        key -> Text,
        organization_id -> Text,
        request_hash -> Text,
        status -> Integer,
        body -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    sso_connections (id) {
        id -> Text,
        organization_id -> Text,
        kind -> Text,
        enabled -> Bool,
        configuration -> Text,
        secret -> Text,
        groups_claim -> Text,
        trusted_factor -> Bool,
        required_of -> Text,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    sso_drafts (organization_id) {
        organization_id -> Text,
        id -> Text,
        sealed -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    sso_domains (domain) {
        domain -> Text,
        organization_id -> Text,
    }
}

diesel::table! {
    sso_groups (organization_id, value, group_id) {
        organization_id -> Text,
        value -> Text,
        group_id -> Text,
    }
}

diesel::table! {
    sso_identities (connection_id, subject) {
        connection_id -> Text,
        subject -> Text,
        organization_id -> Text,
        user_id -> Text,
        email -> Text,
        created_at -> Timestamp,
        last_used_at -> Timestamp,
    }
}

diesel::table! {
    scim_connections (organization_id) {
        organization_id -> Text,
        enabled -> Bool,
        changed_at -> Timestamp,
    }
}

diesel::table! {
    scim_tokens (id) {
        id -> Text,
        organization_id -> Text,
        secret_hash -> Text,
        name -> Text,
        created_at -> Timestamp,
        last_used_at -> Nullable<Timestamp>,
        revoked_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    scim_users (user_id) {
        user_id -> Text,
        organization_id -> Text,
        id -> Nullable<Text>,
        user_name -> Text,
        user_name_key -> Nullable<Text>,
        external_id -> Nullable<Text>,
        formatted_name -> Text,
        given_name -> Text,
        family_name -> Text,
        display_name -> Text,
        version -> BigInt,
        created_at -> Timestamp,
        changed_at -> Timestamp,
        stopped_at -> Nullable<Timestamp>,
        email_type -> Nullable<Text>,
        email_primary -> Nullable<Bool>,
    }
}

diesel::table! {
    scim_groups (group_id) {
        group_id -> Text,
        organization_id -> Text,
        id -> Text,
        external_id -> Nullable<Text>,
        is_linked -> Bool,
        is_taken_up -> Bool,
        version -> BigInt,
        created_at -> Timestamp,
        changed_at -> Timestamp,
    }
}

diesel::table! {
    scim_waiting_groups (group_id) {
        group_id -> Text,
        organization_id -> Text,
        asked_at -> Timestamp,
    }
}

diesel::table! {
    scim_log (id) {
        id -> Text,
        organization_id -> Text,
        at -> Timestamp,
        token_name -> Text,
        status -> Integer,
        subject -> Text,
        words -> Text,
    }
}

diesel::joinable!(password_credentials -> users (user_id));
diesel::joinable!(memberships -> groups (group_id));
diesel::joinable!(rules -> policies (policy_id));
diesel::joinable!(rule_users -> rules (rule_id));
diesel::joinable!(rule_groups -> rules (rule_id));
diesel::joinable!(rule_roles -> rules (rule_id));
diesel::joinable!(organization_settings -> organizations (organization_id));
diesel::joinable!(invitations -> users (user_id));
diesel::joinable!(access_tokens -> users (user_id));
diesel::joinable!(token_roles -> access_tokens (token_id));
diesel::joinable!(scim_users -> users (user_id));
diesel::joinable!(scim_groups -> groups (group_id));
diesel::joinable!(scim_tokens -> organizations (organization_id));
diesel::joinable!(scim_waiting_groups -> groups (group_id));
diesel::allow_tables_to_appear_in_same_query!(
    installation,
    organizations,
    organization_settings,
    users,
    password_credentials,
    invitations,
    groups,
    memberships,
    policies,
    rules,
    rule_users,
    rule_groups,
    rule_roles,
    sessions,
    setup_links,
    throttles,
    jobs,
    job_items,
    audit_lines,
    audit_details,
    audit_streams,
    totp_credentials,
    recovery_codes,
    passkeys,
    identities,
    social_attempts,
    sso_connections,
    sso_drafts,
    sso_domains,
    sso_groups,
    sso_identities,
    saml_replays,
    password_resets,
    email_changes,
    browsers,
    browser_links,
    access_tokens,
    token_roles,
    access_requests,
    idempotency_keys,
    scim_connections,
    scim_tokens,
    scim_users,
    scim_groups,
    scim_waiting_groups,
    scim_log,
);
