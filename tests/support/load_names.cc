#include "tests/support/load_names.h"

#include <iterator>

#include "absl/strings/str_cat.h"

namespace daybook::testing {
namespace {

constexpr const char* surnames[] = {"王", "李", "张", "刘", "陈", "杨",
                                    "黄", "赵", "周", "吴", "徐", "孙",
                                    "胡", "朱", "高", "林", "何", "郭"};
constexpr const char* given[] = {
    "建", "国", "文", "华", "丽", "敏", "军", "强", "芳", "静", "伟", "洋",
    "艳", "涛", "明", "霞", "平", "刚", "桂", "英", "志", "勇", "秀", "兰"};
constexpr const char* places[] = {"株洲市", "芦淞区", "荷塘区", "石峰区",
                                  "天元区", "湖南",   "长沙市", "醴陵市"};
constexpr const char* brands[] = {"恒达", "鑫源", "宏图", "博雅",
                                  "天成", "金桥", "顺安", "德信",
                                  "新华", "立方", "万和", "同益"};
constexpr const char* trades[] = {
    "办公设备", "物业管理", "信息技术", "印务",     "建筑工程", "汽车维修",
    "会议服务", "康复器材", "文化传播", "餐饮服务", "园林绿化", "图书"};
constexpr const char* works[] = {
    "教育", "卫生健康", "民政",     "财政",     "公安",     "农业农村",
    "水利", "交通运输", "文化旅游", "应急管理", "市场监管", "司法",
    "统计", "审计",     "住房建设", "生态环境"};
constexpr const char* offices[] = {
    "局",     "服务中心", "事务中心", "执法大队", "培训中心",
    "监测站", "信息中心", "管理所",   "研究室",   "保障中心"};
constexpr const char* levels[] = {"市",   "区",   "第一", "第二", "第三",
                                  "东城", "西城", "南城", "北城", "新区"};
constexpr const char* purposes[] = {
    "办公用品款",     "物业管理费", "会议费",           "差旅费",
    "公务用车维修费", "印刷费",     "网络租赁费",       "培训费",
    "康复训练补贴",   "护理补贴",   "无障碍改造工程款", "劳务费",
    "设备采购款",     "水电费",     "邮电费",           "宣传资料款"};
constexpr const char* salaries[] = {"基本工资",     "津贴补贴",
                                    "奖金",         "养老保险缴费",
                                    "医疗保险缴费", "住房公积金"};

}  // namespace

std::string PersonName(Luck& luck) {
  // Each draw a statement of its own: compilers evaluate arguments in any
  // order.
  std::string name = luck.OneOf(surnames);
  absl::StrAppend(&name, luck.OneOf(given));
  if (luck.Chance(4, 5)) absl::StrAppend(&name, luck.OneOf(given));
  return name;
}

std::string CompanyName(Luck& luck) {
  const char* const place = luck.OneOf(places);
  const char* const brand = luck.OneOf(brands);
  return absl::StrCat(place, brand, luck.OneOf(trades), "有限公司");
}

std::string InventedDepartment(uint32_t number) {
  const auto take = [&number](const auto& words) {
    const auto count = static_cast<uint32_t>(std::size(words));
    const char* const word = words[number % count];
    number /= count;
    return word;
  };
  const char* const work = take(works);
  const char* const office = take(offices);
  return absl::StrCat(take(levels), work, office);
}

std::string Summary(Luck& luck, int month, bool salary) {
  if (salary) return absl::StrCat("发放", month, "月", luck.OneOf(salaries));
  std::string text = absl::StrCat("支付", month, "月", luck.OneOf(purposes));
  if (luck.Chance(1, 3)) {
    absl::StrAppend(&text, "（合同2024-", 1'000 + luck.Below(9'000), "）");
  }
  return text;
}

}  // namespace daybook::testing
