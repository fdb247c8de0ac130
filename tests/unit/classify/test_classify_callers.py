"""How callers really put it: the thing that is missing decides, not the word for missing."""

from __future__ import annotations

import pytest

from callwright.cli.try_ import load_types
from callwright.tickets.classify import classify
from callwright.tickets.model import Said

TABLE = load_types(None)
SENTENCES = {
    "退款": """
        我的退款怎么还没到账
        我的退款還沒到帳
        退款几天能到啊
        退的钱什么时候到
        你们说三天到账，都一个礼拜了钱还没到
        退款什么时候发给我
        上周退的那笔钱到现在都没收到
        货我已经寄回去了，钱怎么还没到
        我退货的钱还没有到
        押金什么时候退给我
        我被多扣了运费
        你們什麼時候把錢退給我
        我的退款卡在那里好几天了
        I'm still waiting for my refund to arrive
        my refund hasn't been delivered to my card
        can I get my money back for this order
        订单取消了，钱什么时候退
        退款申请提交一周了还没审核
        麻烦把多收的三十块钱退一下
        我支付宝里没有收到退款
        退款進度在哪裡看
        說好今天退錢的，現在都沒退
        保证金什么时候能到账
        you charged my card twice
        I returned the shoes two weeks ago and I still don't have my money
        when will I be refunded
        货退了钱没退
        不是问发货，是问退款到哪一步了
    """,
    "退换货": """
        我买的衣服想换个尺码
        收到的东西跟我订的不一样
        你们给我发的颜色不对
        這雙鞋太大了，可以換小一號嗎
        我要退货，快递上门取件吗
        退货的快递单号填在哪
        退回去的包裹你们收到了吗，什么时候给我换
        it doesn't fit, can I exchange it for a bigger size
        I received the wrong item
        少了一个配件
        不是退款，是想换一台新的
        買錯型號了，想換另一款
        这个我不想要了，怎么退
        还没拆封可以退吗
        收到的是坏的，给我换一台吧
        我不要退钱，我要换货
        I want to return this, how do I send it back
        the shirt is too small, can I swap it for an L
        给我寄成白色的了，我买的是黑色
    """,
    "物流": """
        我的快递怎么还没到
        我的包裹还没到，都第五天了
        货怎么还没到
        東西怎麼還沒到
        我买的手机还没到
        快遞一直沒更新，是不是丟了
        显示已经签收，可我没拿到
        能不能改一下送货地址
        送货师傅说今天来，到现在还没到
        my parcel still hasn't arrived
        我不退款，就想知道什么时候到
        昨天就说在派送，今天还没有到
        都過了預計送達時間了，還沒到
        订的东西几天能到啊
        快递放哪儿了，我没看到取件码
        how long does delivery take
        我没有要退货，就是问问什么时候能收到
        单号查不到物流信息
    """,
    "维修": """
        洗衣机脱水的时候响得厉害
        冰箱不制冷了，师傅什么时候到
        师傅说今天上门修，还没到
        維修師傅怎麼還沒到
        我的电视修好了没有
        空气炸锅开机没反应
        修了三次还是漏水
        the fridge is leaking water
        热水器打不着火
        油烟机开着没吸力
        手机充不上电
        洗碗机不出水了，能不能找人来看看
        平板屏幕裂了，换屏多少钱
        電視沒有畫面，只有聲音
        上次修好又坏了
        还在保修期吗，我的微波炉不加热
        I don't want to return it, I just want it fixed
        my phone keeps shutting down
    """,
    "安装": """
        安装师傅还没到
        空調什麼時候可以來裝
        新买的洗衣机要预约安装
        能不能约周六上门安装
        師傅裝到一半走了
        电视挂架谁来装
        不用修，是新机要安装
        when can someone come to install the washing machine
    """,
    "发票": """
        发票还没收到
        我的发票什么时候到
        发票寄到哪里了
        能不能补一张发票
        發票抬頭寫錯了，要重開
        could you send me an invoice
        没有收到电子发票
        帮我开一张增值税专用发票
        报销要用，发票抬头改成公司
        can I get a VAT receipt
    """,
    "价格咨询": """
        这个现在有没有优惠
        同款为什么比昨天贵了两百
        優惠券用不了
        do you have any discount on this model
        你们这个比京东贵好多
        以舊換新可以抵多少
        学生有折扣吗
        what's the price of the X200
    """,
    "产品咨询": """
        这款手机支持双卡吗
        洗衣机容量多大
        空气炸锅哪个型号好用
        這款冰箱還有貨嗎
        is this one in stock
        這台洗衣機多少公斤的
        想给我妈买个手机，推荐一下
        does it support wireless charging
    """,
    "账户": """
        我的账号被冻结了
        验证码一直收不到
        會員積分怎麼還沒到
        积分还没到账
        我忘记密码了
        手机号换了登不上去了
        怎么注销账号
        會員等級怎麼降了
        can't log in to my account
    """,
    "订单查询": """
        我想取消刚下的订单
        查一下我的订单到什么状态了
        訂單顯示待付款可是我已經付了
        can you check the status of my order
        我下单后没有收到确认短信，帮我看看订单在不在
        刚刚那个订单我不要了，帮我取消
        訂單怎麼被取消了
        I placed an order yesterday, can you cancel it
    """,
    "投诉": """
        你们客服态度太差了，我要投诉
        退款拖了半个月，我要投诉你们
        我要找你們主管
        I'd like to make a complaint about the courier
        你们就是骗子
        我要向消费者协会反映
        送货员骂人，我要投诉他
        你們的服務真的很糟糕，我要客訴
        this is unacceptable, let me speak to a manager
        叫你们负责人来
    """,
    "表扬建议": """
        我想表扬一下你们的客服
        給你們提個建議
        那个小姑娘服务特别好，我要表扬她
        建議你們出個深色款
    """,
    "": """
        你们几点上班
        我打错了
        喂你好
        人工
        等一下我找一下纸笔
        不用退款了，已经到账了
        快递收到了谢谢
        我不投诉，我就是打错了
        之前的退款收到了，没事了
        我再想想吧
        帮我转人工
        wrong number, sorry
        不用换了，谢谢
        发票已经收到了
    """,
}
CASES = [
    (line.strip(), type_)
    for type_, lines in SENTENCES.items()
    for line in lines.strip().splitlines()
]


@pytest.mark.parametrize(("sentence", "type_"), CASES)
def test_what_callers_say(sentence: str, type_: str) -> None:
    answer = classify([Said("customer", sentence)], TABLE)
    assert (answer.type or "") == type_
    assert answer.reasons


@pytest.mark.parametrize("sentence", ["热水器打不着火", "燃气灶点不着火了", "灶台半天才打着火"])
def test_a_stove_that_does_not_light_is_no_fire(sentence: str) -> None:
    assert classify([Said("customer", sentence)], TABLE).priority == "normal"
