"""The modules that Asterisk loads, named one by one: what is not named cannot be attacked."""

from __future__ import annotations

_GROUPS = {
    "groundwork": """
        res_crypto res_http_websocket res_websocket_client res_pjproject res_sorcery_config
        res_sorcery_memory res_sorcery_astdb res_timing_timerfd res_security_log res_clialiases""",
    "sound": """
        bridge_simple bridge_softmix bridge_holding bridge_native_rtp bridge_builtin_features
        codec_ulaw codec_alaw codec_gsm codec_g722 codec_resample codec_opus_open_source
        format_wav format_pcm format_gsm format_sln res_format_attr_opus
        res_musiconhold res_rtp_asterisk res_srtp""",
    "sip": """
        res_pjsip res_pjsip_session res_pjsip_sdp_rtp res_pjsip_acl
        res_pjsip_outbound_authenticator_digest res_pjsip_authenticator_digest
        res_pjsip_outbound_registration res_pjsip_registrar
        res_pjsip_endpoint_identifier_user res_pjsip_endpoint_identifier_ip
        res_pjsip_transport_websocket res_pjsip_dtmf_info res_pjsip_empty_info res_pjsip_dlg_options
        res_pjsip_pubsub res_pjsip_refer res_pjsip_notify res_pjsip_caller_id res_pjsip_diversion
        res_pjsip_rfc3326 res_pjsip_nat res_pjsip_header_funcs res_pjsip_path res_pjsip_logger
        chan_pjsip""",
    # app_mixmonitor needs func_periodic_hook, which needs app_chanspy, func_cut, func_groupcount
    # and func_uri; chan_bridge_media is what /bridges/{id}/record and /play are made of
    "legs": """
        chan_bridge_media chan_websocket app_mixmonitor app_chanspy func_periodic_hook
        func_cut func_groupcount func_uri func_callerid func_channel func_volume func_talkdetect
        func_hangupcause func_jitterbuffer func_global""",
    "dialplan": """
        pbx_config app_stack app_dial app_echo app_playback app_playtones app_queue app_verbose
        app_stasis func_env func_logic func_strings""",
    "ari": """
        res_ari res_ari_model res_stasis res_stasis_answer res_stasis_playback res_stasis_recording
        res_stasis_snoop res_stasis_device_state res_ari_applications res_ari_asterisk
        res_ari_bridges res_ari_channels res_ari_device_states res_ari_endpoints res_ari_events
        res_ari_playbacks res_ari_recordings res_ari_sounds""",
}
MODULES = tuple(name for group in _GROUPS.values() for name in group.split())


def modules_conf() -> str:
    """modules.conf: this list and nothing else."""
    return "[modules]\nautoload=no\n" + "".join(f"load = {name}.so\n" for name in MODULES)
